import type { Logger } from 'asyncv'
import { destination, pino } from 'pino'
import { boundedLog, leadsTo } from './bounded-log.ts'
import { prettyOptions } from './pretty-lines.ts'

interface Lines {
  write(line: string): void
}

/** Log lines on stderr: for people where that is a terminal, JSON otherwise. `hear` gets each as JSON, too. */
export async function createLogger(level: string, hear?: (line: string) => void): Promise<Logger> {
  const output = process.stderr.isTTY ? await prettyStream() : stream()
  const both = {
    write(line: string): void {
      hear?.(line)
      output.write(line)
    },
  }
  const logger: Logger = pino({ level, base: null }, hear === undefined ? output : both)
  return logger
}

/** Loaded for a terminal alone: services have none, as a rule. */
async function prettyStream(): Promise<Lines> {
  const { default: pretty } = await import('pino-pretty')
  const lines: Lines = pretty({ ...prettyOptions, translateTime: 'SYS:HH:MM:ss', destination: 2, sync: true })
  return lines
}

/** Whoever has stderr appended to a file says so with `ASYNCV_LOG_FILE`; then it is kept within bounds. */
function stream(): Lines {
  const { ASYNCV_LOG_FILE: file, ASYNCV_LOG_MAX_BYTES: most } = process.env
  if (file === undefined || !leadsTo(2, file)) return destination(2)
  const maxBytes = Number(most)
  return boundedLog({ descriptor: 2, file, ...(maxBytes > 0 ? { maxBytes } : {}) })
}
