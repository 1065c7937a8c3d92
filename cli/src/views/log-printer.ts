import type { LogLine } from '@asyncv/server'
import colors from 'picocolors'
import { printJsonLine } from '../output.ts'
import { prettyOptions } from '../process/pretty-lines.ts'
import { clean } from '../terminal/clean.ts'
import type { Flags } from '../tree/command.ts'

/** Prints lines of a log: for people in a terminal, a JSON object each in a pipe and with `--json`. */
export async function linePrinter(flags: Flags): Promise<(line: LogLine) => void> {
  if (flags['json'] === true || !process.stdout.isTTY) return printJsonLine
  // Loaded when it is needed.
  const { prettyFactory } = await import('pino-pretty')
  const format = prettyFactory({
    ...prettyOptions,
    translateTime: 'SYS:mm-dd HH:MM:ss',
    colorize: colors.isColorSupported,
  })
  return ({ at, level, message, fields }) => {
    // What others wrote must not steer the terminal.
    const shown = cleaned({ ...fields, msg: message }) as object
    process.stdout.write(format({ level: numbers[level], time: at, ...shown }))
  }
}

const numbers: Readonly<Record<LogLine['level'], number>> = { debug: 20, info: 30, warn: 40, error: 50 }

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return clean(value)
  if (Array.isArray(value)) return value.map(cleaned)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [clean(key), cleaned(item)]))
}
