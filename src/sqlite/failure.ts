import { AsyncvError } from '../errors.ts'

export function commitFailed(cause: unknown): AsyncvError {
  const message = cause instanceof Error ? cause.message : String(cause)
  return new AsyncvError('storage_failed', `The database could not commit: ${message}.`, {
    hint: 'Nothing of this was kept. Check disk space and permissions, then try again.',
    retryable: true,
    cause,
  })
}

/**
 * A failed statement as the machinery takes it: what may go better later (a full disk, a lock, no memory, a damaged file
 * once it is restored) can be tried again. Everything else is returned as it is: a mistake of ours, which would only fail
 * again.
 */
export function statementFailed(error: unknown): unknown {
  const damaged = isOneOf(damage, error)
  if (!damaged && !isOneOf(passing, error)) return error
  const { message } = error as Error
  const way = damaged ? 'Stop, and restore the file from a backup' : 'Check disk space and permissions, then try again'
  return new AsyncvError('storage_failed', `The database refused: ${message}.`, {
    hint: `Nothing of this was kept. ${way}.`,
    retryable: true,
    cause: error,
  })
}

/** SQLite's primary result codes (sqlite.org/rescode.html). */
const passing = { BUSY: 5, LOCKED: 6, NOMEM: 7, READONLY: 8, IOERR: 10, FULL: 13, CANTOPEN: 14 }
const damage = { CORRUPT: 11, NOTADB: 26 }

function isOneOf(codes: Readonly<Record<string, number>>, error: unknown): boolean {
  // better-sqlite3 gives the name of the extended code, node:sqlite its number.
  const { code, errcode } = (error ?? {}) as { code?: unknown; errcode?: unknown }
  if (typeof errcode === 'number') return Object.values(codes).includes(errcode & 0xff)
  const name = typeof code === 'string' ? code.split('_')[1] : undefined
  return name !== undefined && Object.hasOwn(codes, name)
}

export function lockedByAnother(file: string, patienceMs: number): AsyncvError {
  return new AsyncvError('storage_locked', `Another program has held a lock on ${file} for ${patienceMs} ms.`, {
    hint: 'Close the program that writes to it. Nothing of this was kept; it can be tried again.',
    retryable: true,
  })
}

export function databaseClosed(): AsyncvError {
  return new AsyncvError('storage_failed', 'The database was closed.', { retryable: true })
}

/** Whether SQLite refused because another connection holds a lock. */
export function isBusy(error: unknown): boolean {
  // better-sqlite3 has the name of SQLite's code, node:sqlite only its text.
  const { code, message } = error as { code?: string; message?: string }
  return code?.startsWith('SQLITE_BUSY') === true || message === 'database is locked'
}
