import { logLevels, type logLine } from 'asyncv/schemas'
import type { z } from 'zod'

export type LogLine = z.infer<typeof logLine>
export type LogLevel = (typeof logLevels)[number]

/** What of the log somebody wants to see; all that is given has to fit. */
export interface LogFilter {
  /** Lines of this level and of more urgent ones. */
  level?: LogLevel
  /** ms since the epoch. */
  since?: number
  /** Anywhere in a line, whatever its case. */
  text?: string
  /** Values of fields, such as `task` and `connector`. */
  fields?: Readonly<Record<string, string>>
}

/** What a query asks for, where ids have the names that callers know them by; `since` is ms since the epoch or a time. */
export interface LogQuery {
  level?: LogLevel | undefined
  since?: string | undefined
  text?: string | undefined
  task?: string | undefined
  session?: string | undefined
  request?: string | undefined
  trace?: string | undefined
  connector?: string | undefined
}

export function filterOf({ level, since, text, request, trace, ...same }: LogQuery): LogFilter {
  const fields = Object.entries({ ...same, requestId: request, traceId: trace })
  return {
    ...(level === undefined ? {} : { level }),
    ...(since === undefined ? {} : { since: /^\d+$/.test(since) ? Number(since) : Date.parse(since) }),
    ...(text === undefined ? {} : { text }),
    fields: Object.fromEntries(fields.filter((pair): pair is [string, string] => pair[1] !== undefined)),
  }
}

/** How pino writes levels (getpino.io, "level"); one of a program's own counts as the next below it. */
const numbers: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, warn: 40, error: 50 }

/** A line as pino writes it; null for what is none, such as a stack that something else printed. */
export function parseLine(text: string, id: string | null): LogLine | null {
  if (!text.startsWith('{')) return null
  try {
    const { level, time, msg, ...fields } = JSON.parse(text) as Record<string, unknown>
    if (typeof level !== 'number' || typeof time !== 'number') return null
    return { id, at: time, level: nameOf(level), message: typeof msg === 'string' ? msg : '', fields }
  } catch {
    return null
  }
}

/**
 * Tells the lines that cannot match apart before they are parsed, which takes twenty times as long. A word stands in a line
 * as it was written; what JSON writes otherwise, or what may reach from one field into the next, is left to `matches`.
 */
export function roughly({ text, fields = {} }: LogFilter): (written: string) => boolean {
  const words = [text ?? '', ...Object.values(fields)].filter((one) => /^[\p{L}\p{N}_.-]+$/u.test(one))
  if (words.length === 0) return () => true
  const wanted = words.map((one) => one.toLowerCase())
  return (written) => {
    const lower = written.toLowerCase()
    return wanted.every((one) => lower.includes(one))
  }
}

function nameOf(level: number): LogLevel {
  return logLevels.findLast((name) => numbers[name] <= level) ?? 'debug'
}

export function matches(line: LogLine, { level, since, text, fields = {} }: LogFilter): boolean {
  if (level !== undefined && numbers[line.level] < numbers[level]) return false
  if (since !== undefined && line.at < since) return false
  if (Object.entries(fields).some(([name, value]) => line.fields[name] !== value)) return false
  return (
    text === undefined || `${line.message} ${JSON.stringify(line.fields)}`.toLowerCase().includes(text.toLowerCase())
  )
}
