import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { StorageError } from '../storage-error.ts'
import { openBetterSqlite3 } from './better-sqlite3.ts'
import type { SqliteConnection, SqliteDriverName } from './connection.ts'
import { openNodeSqlite } from './node-sqlite.ts'

export interface OpenSqliteOptions {
  /** Default false. A read-only connection creates nothing. */
  readonly?: boolean
  /** Default: better-sqlite3, or `node:sqlite` where that cannot be loaded. */
  driver?: SqliteDriverName
  /** How long a statement waits for another process' lock. It blocks the event loop meanwhile. ms, default 200. */
  busyTimeoutMs?: number
}

/**
 * Opens a database file (or `:memory:`) for durable use: write-ahead log, every commit synced to disk. A new file is
 * readable by its owner alone. Throws `StorageError`.
 */
export async function openSqlite(file: string, options: OpenSqliteOptions = {}): Promise<SqliteConnection> {
  const readonly = options.readonly ?? false
  const created = file !== ':memory:' && !readonly && !existsSync(file)
  let connection: SqliteConnection | undefined
  try {
    if (created) mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    connection = await openWith(options.driver, file, { readonly, timeout: options.busyTimeoutMs ?? 200 })
    configure(connection)
    if (created) chmodSync(file, 0o600)
    return connection
  } catch (error) {
    connection?.close()
    throw asStorageError(file, error)
  }
}

function configure(connection: SqliteConnection): void {
  // Says at once whether this is a database at all.
  const [tables] = connection
    .prepare(
      `select count(*) as all_of_them, count(case when name = 'schema_version' then 1 end) as ours from sqlite_master`,
    )
    .all([])
  // Somebody else's database will be refused, and is to stay as it was.
  const isOurs = tables?.['all_of_them'] === 0 || tables?.['ours'] === 1
  if (!connection.readonly && isOurs) connection.exec('pragma journal_mode = wal')
  // FULL: a commit that was acknowledged survives a power cut. Checkpoints come after 2,000 pages, not 1,000: the pages of
  // busy chats are then copied back half as often, a twentieth of a message's CPU time, and p99 is no worse (8,000 doubled it).
  connection.exec(
    'pragma synchronous = full; pragma wal_autocheckpoint = 2000; pragma temp_store = memory; pragma foreign_keys = on; pragma trusted_schema = off',
  )
}

type Opening = { readonly: boolean; timeout: number }

async function openWith(
  driver: SqliteDriverName | undefined,
  file: string,
  opening: Opening,
): Promise<SqliteConnection> {
  if (driver === 'better-sqlite3') return openBetterSqlite3(file, opening)
  if (driver === 'node:sqlite') return openNodeSqlite(file, opening)
  let failure: unknown
  try {
    return await openBetterSqlite3(file, opening)
  } catch (error) {
    if (!isMissingModule(error)) throw error
    failure = error
  }
  try {
    return await openNodeSqlite(file, opening)
  } catch (error) {
    if (!isMissingModule(error)) throw error
    throw new StorageError(
      'storage_driver_missing',
      `No SQLite driver could be loaded on Node ${process.versions.node}.`,
      'Run "npm install better-sqlite3" (it needs install scripts), or use Node 22.13 or later, which has one built in.',
      { cause: failure },
    )
  }
}

/** The package is not there, its binary was not built, or this Node has no such module. */
function isMissingModule(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' || code === 'ERR_UNKNOWN_BUILTIN_MODULE')
    return true
  return code === 'ERR_DLOPEN_FAILED' || /Could not locate the bindings file/.test(message ?? '')
}

function asStorageError(file: string, error: unknown): unknown {
  if (error instanceof StorageError) return error
  const { message, code } = error as { message?: string; code?: string }
  const text = `${code ?? ''} ${message ?? String(error)}`
  if (/SQLITE_BUSY|SQLITE_LOCKED|database is locked/.test(text)) {
    return new StorageError(
      'storage_locked',
      `Another program holds a lock on ${file}.`,
      'Close it, then start again.',
      {
        cause: error,
      },
    )
  }
  if (
    /NOTADB|not a database|CANTOPEN|unable to open|EACCES|EPERM|ENOTDIR|EISDIR|EROFS|READONLY|readonly|CORRUPT|malformed|does not exist|ENOENT/.test(
      text,
    )
  ) {
    return new StorageError(
      'storage_unreadable',
      `The database ${file} cannot be opened: ${message}.`,
      'Check that the path is a file (or can be created), that it is an asyncv database, and that you may read and write it.',
      { cause: error },
    )
  }
  return error
}
