/** What is looked at together, in the order in which it is shown. */
export const groups = ['program', 'configuration', 'database', 'machine', 'parts', 'files'] as const
export type Group = (typeof groups)[number]

/**
 * - `ok`: as it should be;
 * - `note`: worth knowing, and nothing to do;
 * - `warning`: works, and will not for long, or not well;
 * - `error`: does not work, or is not safe.
 */
export type Level = 'ok' | 'note' | 'warning' | 'error'

export interface Finding {
  /** Stable, for programs: `port.taken`. */
  code: string
  level: Level
  /** A sentence. */
  text: string
  /** What to do, as a sentence; null where there is nothing to do. */
  fix: string | null
  /** Does it, where that loses nothing: only with `--fix`. Gives a sentence that says what was done. */
  repair?(): Promise<string> | string
}

export function ok(code: string, text: string): Finding {
  return { code, level: 'ok', text, fix: null }
}

export function note(code: string, text: string, fix: string | null = null): Finding {
  return { code, level: 'note', text, fix }
}

export function warning(code: string, text: string, fix: string): Finding {
  return { code, level: 'warning', text, fix }
}

export function error(code: string, text: string, fix: string): Finding {
  return { code, level: 'error', text, fix }
}
