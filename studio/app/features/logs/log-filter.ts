import { logLevels, type logLine } from 'asyncv/schemas'
import type { z } from 'zod'

export type LogLine = z.output<typeof logLine>
export type LogLevel = (typeof logLevels)[number]

/** What is looked for; all of it has to fit. In the URL, and as the runtime's own filters. */
export interface LogFilter {
  /** This one, and more urgent ones. */
  level?: LogLevel | undefined
  /** Anywhere in a line, whatever its case. */
  text?: string | undefined
  connector?: string | undefined
  task?: string | undefined
  session?: string | undefined
  request?: string | undefined
  /** ms since 1970. */
  since?: number | undefined
}

/** A line, and what a search looks at; made once, when it comes. */
export interface Kept {
  /** Grows from line to line. Those of the log file alone, which the runtime has not numbered, have 0, -1, …. */
  n: number
  line: LogLine
  searched: string
}

export function kept(line: LogLine, n: number): Kept {
  return { n, line, searched: `${line.message} ${JSON.stringify(line.fields)}`.toLowerCase() }
}

/** A test for many lines, with what does not change from line to line made ready. */
export function filtered({ level, text, since, connector, task, session, request }: LogFilter): (one: Kept) => boolean {
  const least = level === undefined ? 0 : logLevels.indexOf(level)
  const wanted = text?.toLowerCase()
  const fields = Object.entries({ connector, task, session, requestId: request }).filter(([, id]) => id !== undefined)
  return ({ line, searched }) =>
    logLevels.indexOf(line.level) >= least &&
    (since === undefined || line.at >= since) &&
    fields.every(([name, id]) => line.fields[name] === id) &&
    (wanted === undefined || searched.includes(wanted))
}

export function isFiltering(filter: LogFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined)
}
