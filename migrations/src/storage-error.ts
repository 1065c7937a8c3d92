/** Why a database cannot be used, in words for the person who runs it. Never holds data of the database. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  constructor(
    readonly code:
      | 'storage_unreadable'
      | 'storage_locked'
      | 'storage_in_use'
      | 'storage_newer'
      | 'storage_changed'
      | 'storage_driver_missing',
    message: string,
    /** The way out. */
    readonly hint: string,
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }
}
