import type { FieldDifference } from '../../ui/difference.tsx'

/** An entry of either log, as the page shows it. */
export interface Entry {
  n: number
  /** ms since 1970. */
  at: number
  actor: { id: string; name: string | null }
  action: string
  target: string
  /** What changed; null where nothing was written of it. */
  detail: Readonly<Record<string, unknown>> | null
  /** Of the entry, and of the one before; the runtime's also of what was there before and after. */
  hashes: Readonly<Record<'hash' | 'prevHash' | 'beforeHash' | 'afterHash', string | null>>
}

export interface Verdict {
  whole: boolean
  /** The last good entry. */
  head: { n: number; hash: string }
  fault: { n: number; detail: string } | null
}

/** The fields of a change that was written down as what was before and after. */
export function differencesOf({ action, detail }: Entry): FieldDifference[] {
  if (detail === null || !action.endsWith('.changed')) return []
  return Object.entries(detail).flatMap(([name, value]) =>
    Array.isArray(value) && value.length === 2
      ? [{ pointer: `/${name}`, before: value[0] ?? undefined, after: value[1] ?? undefined }]
      : [],
  )
}

/** What else was written of it. */
export function restOf(entry: Entry): Record<string, unknown> {
  const told = new Set(differencesOf(entry).map(({ pointer }) => pointer.slice(1)))
  return Object.fromEntries(Object.entries(entry.detail ?? {}).filter(([name]) => !told.has(name)))
}
