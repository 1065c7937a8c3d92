import type { Logger } from 'asyncv'
import { destination, pino } from 'pino'
import pretty from 'pino-pretty'
import { boundedLog, leadsTo } from './bounded-log.ts'
import { prettyOptions } from './pretty-lines.ts'

/** Log lines on stderr: for people where that is a terminal, JSON otherwise. `hear` gets each as JSON, too. */
export function createLogger(level: string, hear?: (line: string) => void): Logger {
  const output = process.stderr.isTTY
    ? pretty({ ...prettyOptions, translateTime: 'SYS:HH:MM:ss', destination: 2, sync: true })
    : stream()
  if (hear === undefined) return pino({ level, base: null }, output)
  const both = {
    write(line: string): void {
      hear(line)
      output.write(line)
    },
  }
  return pino({ level, base: null }, both)
}

/** Whoever has stderr appended to a file says so with `ASYNCV_LOG_FILE`; then it is kept within bounds. */
function stream(): { write(line: string): void } {
  const { ASYNCV_LOG_FILE: file, ASYNCV_LOG_MAX_BYTES: most } = process.env
  if (file === undefined || !leadsTo(2, file)) return destination(2)
  const maxBytes = Number(most)
  return boundedLog({ descriptor: 2, file, ...(maxBytes > 0 ? { maxBytes } : {}) })
}
