import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import {
  openSqlite,
  readOwner,
  readStatus,
  runtimeSet,
  type SqliteConnection,
  type SqliteDriverName,
} from '@asyncv/migrations'
import { AsyncvError } from '../../errors.ts'
import { asAsyncvError } from '../as-asyncv-error.ts'
import { auditOf, headOf } from './audit-rows.ts'
import { backupTables, type BackupNote, chunkBytes, readBackup } from './backup-file.ts'
import { syncFile, syncFolderOf } from './durable.ts'
import { blobPath, filesOf } from './files-of.ts'
import { hasTable } from './tables.ts'

export interface BackUpOptions {
  /** Whether a file that is there may be replaced. Default false. */
  overwrite?: boolean
  /**
   * Files with keys that go into the backup, by the name under which they lie beside the database. Default none: whoever
   * has the backup would have what it protects. One that is not there is left out.
   */
  keys?: readonly string[]
  /** Default: better-sqlite3, or `node:sqlite` where that cannot be loaded. */
  driver?: SqliteDriverName
}

export interface BackUp extends BackupNote {
  file: string
  /** Of the backup. */
  bytes: number
}

/**
 * Copies a database into one file, whether a runtime has it or not: messages flow on meanwhile, and what was acknowledged
 * before the call is in the copy. The copy is looked through before it gets its name, in one rename, so a file of that
 * name is whole. Throws `storage_unreadable`, `storage_newer` and so on for the database, `input_invalid` for a file that
 * is there already, `storage_failed` where the disk is full.
 */
export async function backUp(database: string, to: string, options: BackUpOptions = {}): Promise<BackUp> {
  if (!existsSync(database)) throw noDatabase(database)
  const target = resolve(to)
  checkTarget(database, target, options.overwrite === true)
  const part = `${target}.${process.pid}.part`
  try {
    removeOld(target)
    // Made first, for its mode: nobody else is to read it while it grows.
    writeFileSync(part, '', { mode: 0o600, flag: 'wx' })
    await copyInto(part, database, options)
    const note = await readBackup(part, options.driver)
    syncFile(part)
    renameSync(part, target)
    syncFolderOf(target)
    return { ...note, file: target, bytes: statSync(target).size }
  } catch (error) {
    throw inWords(database, target, error)
  } finally {
    for (const file of [part, `${part}-journal`, `${part}-wal`, `${part}-shm`]) rmSync(file, { force: true })
  }
}

async function copyInto(part: string, database: string, { driver, keys = [] }: BackUpOptions): Promise<void> {
  const how = driver === undefined ? {} : { driver }
  // Who may not even ask is told the same as who is told yes: it decides what a restore takes for sent.
  const running = await readOwner(database).then(
    (owner) => owner !== null,
    () => true,
  )
  const source = await openSqlite(database, { ...how, readonly: true, busyTimeoutMs: 5_000 })
  const madeAt = Date.now()
  let schemaVersion: number
  try {
    schemaVersion = readStatus(source, runtimeSet).version
    // One statement is one snapshot: it sees what was committed when it began, and in write-ahead mode stops no writer.
    // SQLite's page-by-page copy would begin anew with each commit of somebody else.
    source.prepare('vacuum into ?').run([part])
  } finally {
    source.close()
  }
  const copy = await openSqlite(part, how)
  try {
    // It is nobody's yet, and is synced as a whole in the end.
    copy.exec('pragma journal_mode = memory; pragma synchronous = off')
    copy.exec('begin')
    for (const statement of backupTables.create) copy.exec(statement)
    const blobs = copyBlobs(copy, filesOf(database))
    const audit = auditOf(copy)
    const note: BackupNote = {
      format: 1,
      madeAt,
      schemaVersion,
      running,
      auditHead: audit === null ? null : headOf(copy),
      auditWhole: audit?.whole ?? true,
      ...blobs,
      secrets: countOf(copy, 'secret'),
      keys: copyKeys(copy, dirname(realpathSync(database)), keys),
      openTasks: countOf(copy, 'task', `state in ('queued', 'running', 'waiting')`),
      openDeliveries: countOf(copy, 'delivery', `state in ('pending', 'sending', 'retrying', 'uncertain')`),
    }
    copy.prepare('insert into backup_note values (?)').run([JSON.stringify(note)])
    copy.exec('commit')
    // One file, without a log beside it.
    copy.exec('pragma journal_mode = delete')
  } finally {
    copy.close()
  }
}

/**
 * The database was copied first, and its files are written before the rows that name them: each is there, but what was
 * forgotten since. Their names are their hashes, so a damaged one is found here.
 */
function copyBlobs(copy: SqliteConnection, folder: string): Pick<BackupNote, 'files' | 'fileBytes' | 'missingFiles'> {
  const result = { files: 0, fileBytes: 0, missingFiles: [] as string[] }
  if (!hasTable(copy, 'file')) return result
  const insert = copy.prepare('insert into backup_blob values (?, ?, ?)')
  for (const { sha256 } of copy.prepare('select distinct sha256 from file order by sha256').all([])) {
    const hash = String(sha256)
    copy.exec('savepoint blob')
    const size = copyBlob(blobPath(folder, hash), hash, (n, bytes) => void insert.run([hash, n, bytes]))
    copy.exec(size === null ? 'rollback to blob; release blob' : 'release blob')
    if (size === null) result.missingFiles.push(hash)
    else {
      result.files++
      result.fileBytes += size
    }
  }
  return result
}

/** Null when it is not there, or not what it was. */
function copyBlob(path: string, sha256: string, write: (n: number, bytes: Buffer) => void): number | null {
  let handle: number
  try {
    handle = openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  try {
    const hash = createHash('sha256')
    const buffer = Buffer.alloc(chunkBytes)
    let size = 0
    for (let n = 0; ; n++) {
      const read = readSync(handle, buffer, 0, chunkBytes, null)
      // An empty file is a row, too.
      if (read === 0 && n > 0) break
      const bytes = buffer.subarray(0, read)
      hash.update(bytes)
      write(n, bytes)
      size += read
      if (read === 0) break
    }
    return hash.digest('hex') === sha256 ? size : null
  } finally {
    closeSync(handle)
  }
}

function copyKeys(copy: SqliteConnection, folder: string, names: readonly string[]): string[] {
  const there = names.filter((name) => existsSync(join(folder, name)))
  const insert = copy.prepare('insert into backup_key values (?, ?)')
  for (const name of there) insert.run([name, readFileSync(join(folder, name), 'utf8')])
  return there
}

function countOf(connection: SqliteConnection, table: string, where = 'true'): number {
  if (!hasTable(connection, table)) return 0
  const [row] = connection.prepare(`select count(*) as rows from "${table}" where ${where}`).all([])
  return Number(row?.['rows'])
}

function checkTarget(database: string, target: string, overwrite: boolean): void {
  const folder = dirname(target)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new AsyncvError('input_invalid', `There is no folder ${folder}.`, {
      hint: 'Make it first, or mend the path.',
    })
  }
  if (!existsSync(target)) return
  const real = realpathSync(target)
  const own = realpathSync(database)
  if (statSync(target).isDirectory() || [own, `${own}-wal`, `${own}-shm`, `${own}.owner`].includes(real)) {
    throw new AsyncvError('input_invalid', `${target} is no place for a backup.`, { hint: 'Name a file of its own.' })
  }
  if (overwrite) return
  throw new AsyncvError('input_invalid', `${target} is there already; nothing was written.`, {
    hint: 'Give another name, or say that it may be replaced.',
  })
}

/** What a backup that was killed has left, whoever's process has its number now. */
function removeOld(target: string): void {
  const left = new RegExp(`^${basename(target).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\.(\\d+)\\.part`)
  for (const name of readdirSync(dirname(target))) {
    const [, pid] = left.exec(name) ?? []
    if (pid !== undefined && (Number(pid) === process.pid || !runs(Number(pid)))) {
      rmSync(join(dirname(target), name), { force: true })
    }
  }
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function inWords(database: string, target: string, error: unknown): AsyncvError {
  const { code, message = String(error) } = error as { code?: string; message?: string }
  if (code === 'ENOSPC' || code === 'EDQUOT' || /SQLITE_FULL|is full/.test(`${code} ${message}`)) {
    return new AsyncvError('storage_failed', `There is no room for the backup ${target}: ${message}`, {
      hint: 'Nothing was left behind. Make room, or write it to another disk.',
      cause: error,
    })
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new AsyncvError('input_invalid', `${target} cannot be written: ${message}`, {
      hint: 'Run this as a user who may write there, or name another place.',
      cause: error,
    })
  }
  return asAsyncvError(database, error)
}

export function noDatabase(database: string): AsyncvError {
  return new AsyncvError('storage_unreadable', `There is no database ${database}.`, {
    hint: 'Run this where the service runs, or name its database in ASYNCV_STORAGE.',
  })
}
