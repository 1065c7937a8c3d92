/**
 * What a backup is: one SQLite file, which is the runtime's database as it was at one moment, and beside its tables three
 * more: a note of what is in it, the bytes of the files that messages name, and, where they were asked for, the keys. One
 * file is moved whole or not at all, is put in its place by one rename, and any SQLite can look into it.
 */
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { openSqlite, readStatus, runtimeSet, type SqliteConnection, type SqliteDriverName } from '@asyncv/migrations'
import type { AuditHead } from '../../audit.ts'
import { AsyncvError } from '../../errors.ts'
import { asAsyncvError } from '../as-asyncv-error.ts'
import { auditOf } from './audit-rows.ts'
import { isDamage } from './damage.ts'
import { hasTable } from './tables.ts'
import { faultsOf } from './whole.ts'

export interface BackupNote {
  /** Of the layout of this file; a later one may be another. */
  format: 1
  /** ms since the epoch: everything that was acknowledged before is in it. */
  madeAt: number
  schemaVersion: number
  /** Whether a runtime had the database meanwhile. Then what was being sent may have been sent since. */
  running: boolean
  /** Where the audit log ends; null where the schema is from before there was one. */
  auditHead: AuditHead | null
  auditWhole: boolean
  files: number
  fileBytes: number
  /** Hashes of files that the database names and that were not there, or were damaged. */
  missingFiles: string[]
  /** Secrets in the vault, which only the master key opens. */
  secrets: number
  /** Names of the key files that are in it. */
  keys: string[]
  openTasks: number
  openDeliveries: number
}

/** How much of a file is one row. bytes */
export const chunkBytes = 1_048_576

export const backupTables = {
  create: [
    `create table backup_note (note text not null) strict`,
    `create table backup_blob (sha256 text not null, n integer not null, bytes blob not null, primary key (sha256, n)) strict`,
    `create table backup_key (name text primary key, content text not null) strict`,
  ],
  drop: ['backup_key', 'backup_blob', 'backup_note'].map((table) => `drop table ${table}`),
}

/**
 * Looks a whole backup through without changing anything: that it is one, that this version can read it, that nothing of it
 * is damaged. Throws an `AsyncvError` that says what is wrong.
 */
export async function readBackup(file: string, driver?: SqliteDriverName): Promise<BackupNote> {
  if (!existsSync(file)) {
    throw new AsyncvError('storage_unreadable', `There is no backup ${file}.`, { hint: 'Check the path.' })
  }
  let connection: SqliteConnection | null = null
  try {
    if (!beginsAsSqlite(file)) throw noBackup(file)
    connection = await openSqlite(file, { readonly: true, ...(driver === undefined ? {} : { driver }) })
    const note = noteOf(connection)
    if (note === null) throw noBackup(file)
    // Also when its schema or its own layout is newer than this program: with the sentence that says so.
    readStatus(connection, runtimeSet)
    if (note.format !== 1) {
      throw new AsyncvError('storage_newer', `The backup ${file} has a layout that this version does not know.`, {
        hint: 'Use the version that made it, or a later one.',
      })
    }
    const faults = faultsOf(connection)
    if (faults.length > 0) throw damaged(file, faults.join('; '))
    const wrong = wrongBlob(connection)
    if (wrong !== null) throw damaged(file, `The file ${wrong} is not what was copied.`)
    const audit = auditOf(connection)
    if (note.auditWhole && audit?.fault) throw damaged(file, `Its audit log was changed: ${audit.fault.detail}`)
    if (note.auditWhole && audit !== null && audit.head.hash !== note.auditHead?.hash) {
      throw damaged(file, 'Its audit log does not end where it was noted.')
    }
    return note
  } catch (error) {
    if (!(error instanceof AsyncvError) && isDamage(error)) throw damaged(file, (error as Error).message)
    throw asAsyncvError(file, error)
  } finally {
    connection?.close()
  }
}

/** Asked first: whatever else is opened as a database says less about what it is. */
function beginsAsSqlite(file: string): boolean {
  const sign = Buffer.from('SQLite format 3\0')
  const head = Buffer.alloc(sign.length)
  const handle = openSync(file, 'r')
  try {
    readSync(handle, head, 0, head.length, 0)
  } finally {
    closeSync(handle)
  }
  return head.equals(sign)
}

function noteOf(connection: SqliteConnection): BackupNote | null {
  if (!hasTable(connection, 'backup_note')) return null
  const [row] = connection.prepare('select note from backup_note').all([])
  return row === undefined ? null : (JSON.parse(String(row['note'])) as BackupNote)
}

/** The hash of the first file whose bytes are others. */
function wrongBlob(connection: SqliteConnection): string | null {
  for (const sha256 of blobsIn(connection)) {
    const hash = createHash('sha256')
    for (const bytes of chunksOf(connection, sha256)) hash.update(bytes)
    if (hash.digest('hex') !== sha256) return sha256
  }
  return null
}

export function blobsIn(connection: SqliteConnection): string[] {
  return connection
    .prepare('select distinct sha256 from backup_blob order by sha256')
    .all([])
    .map(({ sha256 }) => String(sha256))
}

/** One at a time: a file may be larger than what fits into memory. */
export function* chunksOf(connection: SqliteConnection, sha256: string): Generator<Uint8Array> {
  const chunk = connection.prepare('select bytes from backup_blob where sha256 = ? and n = ?')
  for (let n = 0; ; n++) {
    const [row] = chunk.all([sha256, n])
    if (row === undefined) return
    // A column of blobs in a strict table.
    yield row['bytes'] as Uint8Array
  }
}

function noBackup(file: string): AsyncvError {
  return new AsyncvError('storage_unreadable', `${file} is no backup of asyncv.`, {
    hint: 'Give a file that "asyncv db backup" made. A database itself is used where ASYNCV_STORAGE names it.',
  })
}

function damaged(file: string, what: string): AsyncvError {
  return new AsyncvError('storage_unreadable', `The backup ${file} is damaged: ${what}`, {
    hint: 'Nothing was changed. Take an earlier backup, or another copy of this one.',
  })
}
