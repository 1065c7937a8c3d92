import type { Logger } from 'asyncv'
import { destination, pino } from 'pino'
import { boundedLog, leadsTo } from './bounded-log.ts'
import { prettyOptions } from './pretty-lines.ts'

interface Lines {
  write(line: string): void
}

export interface LevelledLogger extends Logger {
  /** May be changed while it is used. */
  level: string
}

/** Log lines on stderr: for people where that is a terminal, JSON otherwise. `hear` gets each as JSON, too. */
export async function createLogger(level: string, hear?: (line: string) => void): Promise<LevelledLogger> {
  const output = process.stderr.isTTY ? await prettyStream() : stream()
  const both = {
    write(line: string): void {
      hear?.(line)
      output.write(line)
    },
  }
  const logger: LevelledLogger = pino({ level, base: null }, hear === undefined ? output : both)
  return logger
}

/** Loaded for a terminal alone: services have none, as a rule. */
async function prettyStream(): Promise<Lines> {
  const { default: pretty } = await import('pino-pretty')
  const lines: Lines = pretty({ ...prettyOptions, translateTime: 'SYS:HH:MM:ss', destination: 2, sync: true })
  return lines
}

/**
 * A line that cannot be written must not end the service: a disk may be full that somebody has stderr written to. It is
 * lost, and the next one has a destination of its own: the one that failed would begin with what it could not write.
 */
function stderr(): Lines {
  const open = () =>
    destination({ dest: 2, sync: true }).on('error', ({ code }: NodeJS.ErrnoException) => {
      // Whoever reads has left, and nobody comes after.
      if (code !== 'EPIPE') output = open()
    })
  let output = open()
  return {
    write(line) {
      output.write(line)
    },
  }
}

/** Whoever has stderr appended to a file says so with `ASYNCV_LOG_FILE`; then it is kept within bounds. */
function stream(): Lines {
  const { ASYNCV_LOG_FILE: file, ASYNCV_LOG_MAX_BYTES: most } = process.env
  if (file === undefined || !leadsTo(2, file)) return stderr()
  const maxBytes = Number(most)
  return boundedLog({ descriptor: 2, file, ...(maxBytes > 0 ? { maxBytes } : {}) })
}
