import type { Logger } from 'asyncv'
import { destination, pino } from 'pino'
import pretty from 'pino-pretty'
import { boundedLog, leadsTo } from './bounded-log.ts'

/** Log lines on stderr: for people where that is a terminal, JSON otherwise. */
export function createLogger(level: string): Logger {
  if (!process.stderr.isTTY) return pino({ level, base: null }, stream())
  return pino(
    { level, base: null },
    pretty({ destination: 2, sync: true, translateTime: 'HH:MM:ss', singleLine: true, ignore: 'pid,hostname' }),
  )
}

/** Whoever has stderr appended to a file says so with `ASYNCV_LOG_FILE`; then it is kept within bounds. */
function stream(): { write(line: string): void } {
  const { ASYNCV_LOG_FILE: file, ASYNCV_LOG_MAX_BYTES: most } = process.env
  if (file === undefined || !leadsTo(2, file)) return destination(2)
  const maxBytes = Number(most)
  return boundedLog({ descriptor: 2, file, ...(maxBytes > 0 ? { maxBytes } : {}) })
}
