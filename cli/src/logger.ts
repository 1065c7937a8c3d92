import type { Logger } from 'asyncv'
import { destination, pino } from 'pino'
import pretty from 'pino-pretty'

/** Log lines on stderr: for people where that is a terminal, JSON otherwise. */
export function createLogger(level: string): Logger {
  if (!process.stderr.isTTY) return pino({ level, base: null }, destination(2))
  return pino(
    { level, base: null },
    pretty({ destination: 2, sync: true, translateTime: 'HH:MM:ss', singleLine: true, ignore: 'pid,hostname' }),
  )
}
