import type { Logger } from 'asyncv'
import { destination, pino } from 'pino'
import pretty from 'pino-pretty'
import { prettyOptions } from './pretty-lines.ts'

/** Log lines on stderr: for people where that is a terminal, JSON otherwise. `hear` gets each as JSON, too. */
export function createLogger(level: string, hear?: (line: string) => void): Logger {
  const output = process.stderr.isTTY
    ? pretty({ ...prettyOptions, translateTime: 'SYS:HH:MM:ss', destination: 2, sync: true })
    : destination(2)
  if (hear === undefined) return pino({ level, base: null }, output)
  const both = {
    write(line: string): void {
      hear(line)
      output.write(line)
    },
  }
  return pino({ level, base: null }, both)
}
