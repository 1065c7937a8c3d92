import { StorageError } from '@asyncv/migrations'
import { AsyncvError } from '../errors.ts'

/** Why a database file cannot be used, as what every part of asyncv throws. */
export function asAsyncvError(file: string, error: unknown): AsyncvError {
  if (error instanceof AsyncvError) return error
  if (error instanceof StorageError) {
    const { code, message, hint } = error
    return new AsyncvError(code, message, { hint, cause: error })
  }
  const message = error instanceof Error ? error.message : String(error)
  if (/SQLITE_FULL|disk is full|ENOSPC|EDQUOT/.test(`${(error as { code?: string } | null)?.code} ${message}`)) {
    return new AsyncvError('storage_failed', `There is no room left where ${file} is: ${message}`, {
      hint: 'Make room on the disk.',
      retryable: true,
      cause: error,
    })
  }
  if (/CORRUPT|malformed/.test(message)) {
    return new AsyncvError('storage_unreadable', `The database ${file} is damaged: ${message}`, {
      hint: 'Look at it with "asyncv db check", and restore a backup.',
      cause: error,
    })
  }
  return new AsyncvError('storage_unreadable', `The database ${file} cannot be opened: ${message}`, {
    hint: 'Check its disk and its permissions.',
    cause: error,
  })
}
