import { Problem } from '../http/problem.ts'

/** SQLite's primary result codes (sqlite.org/rescode.html) for what may go better later, and for a damaged file. */
const passing = { BUSY: 5, LOCKED: 6, NOMEM: 7, READONLY: 8, IOERR: 10, FULL: 13, CANTOPEN: 14 }
const damage = { CORRUPT: 11, NOTADB: 26 }

/** What a full disk, a lock of another program or a damaged file is to who asks; null for everything else. */
export function storageProblem(error: unknown): Problem | null {
  const isDamaged = isOneOf(damage, error)
  if (!isDamaged && !isOneOf(passing, error)) return null
  const hint = isDamaged
    ? 'Stop Studio, and restore its database from a backup.'
    : 'Nothing of this was kept. Look at the disk of Studio’s host, its space and its permissions, then try again.'
  return new Problem('storage_failed', `The database of Studio refuses: ${(error as Error).message}.`, { hint })
}

function isOneOf(codes: Readonly<Record<string, number>>, error: unknown): boolean {
  // better-sqlite3 gives the name of the extended code, node:sqlite its number.
  const { code, errcode } = (error ?? {}) as { code?: unknown; errcode?: unknown }
  if (typeof errcode === 'number') return Object.values(codes).includes(errcode & 0xff)
  const name = typeof code === 'string' ? /^SQLITE_([A-Z]+)/.exec(code)?.[1] : undefined
  return name !== undefined && Object.hasOwn(codes, name)
}
