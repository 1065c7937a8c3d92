import { existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { lockOwner, openSqlite, type SqliteDriverName } from '@asyncv/migrations'
import type { Actor } from '../../audit.ts'
import { folderBlobs } from '../../blobs/folder.ts'
import { AsyncvError } from '../../errors.ts'
import { asAsyncvError } from '../as-asyncv-error.ts'
import { type BackupNote, backupTables, blobsIn, chunksOf, readBackup } from './backup-file.ts'
import { syncFile, syncFolderOf } from './durable.ts'
import { filesOf } from './files-of.ts'
import { holdSends, noteRestore } from './hold-sends.ts'
import { clearOld, keepFiles, keepOld, removeLeft } from './keep-old.ts'

/** Between which a process that is killed leaves either the database before or the one after, whole. */
export const restoreSteps = ['staged', 'files', 'keys', 'kept', 'cleared', 'placed'] as const
export type RestoreStep = (typeof restoreSteps)[number]

export interface RestoreOptions {
  /**
   * Nothing was taken in and nothing sent since the backup, as when a service was stopped first and moves: what was to be
   * sent is sent. Default false: it may have been sent since, so it is held until somebody decides.
   */
  moved?: boolean
  /** Who does it, for the audit log. */
  by: Actor
  /** Default: better-sqlite3, or `node:sqlite` where that cannot be loaded. */
  driver?: SqliteDriverName
  /** For crash tests: is called when a step is done. */
  hook?(step: RestoreStep): void
}

export interface Restored extends BackupNote {
  database: string
  /** Where the database that was there is kept, with its files beside it; null when there was none. */
  kept: string | null
  /** Deliveries that may have been sent since the backup, and wait for somebody to decide. */
  held: number
  keysWritten: string[]
  /** Keys of the backup that are others here; those here stay. */
  keysLeft: string[]
}

/**
 * Puts a backup in the place of a database. One rename does it: killed at any moment, this leaves the database before or
 * the one after. What was there is kept under another name. Throws, and changes nothing, while a runtime has the database
 * (`storage_in_use`), for a backup that is newer than this version or damaged, and where the master key beside the
 * database is another one than the backup's (`state_conflict`).
 */
export async function restore(backup: string, database: string, options: RestoreOptions): Promise<Restored> {
  const note = await readBackup(backup, options.driver)
  const hook = options.hook ?? (() => {})
  try {
    const owner = await lockOwner(database)
    try {
      const target = existsSync(database) ? realpathSync(database) : database
      if (target === realpathSync(backup)) {
        throw new AsyncvError('input_invalid', `${backup} is the database itself.`, { hint: 'Name a backup of it.' })
      }
      removeLeft(target)
      const keys = keysOf(target, await keysIn(backup, options))
      const staged = `${target}.restoring`
      const held = await stage(staged, { backup, note, options })
      hook('staged')
      const kept = existsSync(target) ? nameOfOld(target) : null
      if (kept !== null) keepFiles(target, kept)
      await placeFiles(backup, target, options)
      hook('files')
      for (const [name, content] of keys.missing) writeKey(join(dirname(target), name), content)
      hook('keys')
      if (kept !== null) await keepOld(target, kept, options.driver)
      hook('kept')
      clearOld(target)
      hook('cleared')
      renameSync(staged, target)
      syncFolderOf(target)
      hook('placed')
      return { ...note, database: target, kept, held, keysWritten: [...keys.missing.keys()], keysLeft: keys.others }
    } finally {
      owner.release()
    }
  } catch (error) {
    throw asAsyncvError(database, error)
  }
}

interface Staging {
  backup: string
  note: BackupNote
  options: RestoreOptions
}

/** Writes the database of the backup beside its place, with what is to be said of it; gives how many sends are held. */
async function stage(staged: string, { backup, note, options }: Staging): Promise<number> {
  const how = options.driver === undefined ? {} : { driver: options.driver }
  writeFileSync(staged, '', { mode: 0o600, flag: 'wx' })
  const source = await openSqlite(backup, { ...how, readonly: true })
  try {
    source.prepare('vacuum into ?').run([staged])
  } finally {
    source.close()
  }
  const copy = await openSqlite(staged, how)
  let held: number
  try {
    copy.exec('begin immediate')
    for (const statement of backupTables.drop) copy.exec(statement)
    const at = Date.now()
    held = options.moved === true ? 0 : holdSends(copy, note.madeAt, at)
    noteRestore(copy, { at, by: options.by, madeAt: note.madeAt, held })
    copy.exec('commit')
    // The room of the files, which are files again.
    if (note.files > 0) copy.exec('vacuum')
    copy.exec('pragma journal_mode = delete')
  } finally {
    copy.close()
  }
  syncFile(staged)
  return held
}

/** Files are named by what is in them: more of them disturb nobody, and those that are there already are the same. */
async function placeFiles(backup: string, target: string, { driver }: RestoreOptions): Promise<void> {
  const source = await openSqlite(backup, { readonly: true, ...(driver === undefined ? {} : { driver }) })
  try {
    const blobs = folderBlobs(filesOf(target))
    for (const sha256 of blobsIn(source)) await blobs.write(each(chunksOf(source, sha256)), Number.POSITIVE_INFINITY)
  } finally {
    source.close()
  }
}

async function* each(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks
}

async function keysIn(backup: string, { driver }: RestoreOptions): Promise<Map<string, string>> {
  const source = await openSqlite(backup, { readonly: true, ...(driver === undefined ? {} : { driver }) })
  try {
    const rows = source.prepare('select name, content from backup_key order by name').all([])
    return new Map(rows.map(({ name, content }) => [String(name), String(content)]))
  } finally {
    source.close()
  }
}

/** The one key that is of no use beside another database, and without which this one's secrets are of none. */
const masterKeyFile = 'vault.key'

function keysOf(target: string, keys: Map<string, string>): { missing: Map<string, string>; others: string[] } {
  const missing = new Map<string, string>()
  const others: string[] = []
  for (const [name, content] of keys) {
    // A name from a file that somebody may have made: it is to stay in its folder.
    if (!/^[\w][\w.-]*$/.test(name)) continue
    const file = join(dirname(target), name)
    if (!existsSync(file)) missing.set(name, content)
    else if (readFileSync(file, 'utf8') !== content) others.push(name)
  }
  if (others.includes(masterKeyFile)) {
    throw new AsyncvError('state_conflict', `${join(dirname(target), masterKeyFile)} is not the backup's master key.`, {
      hint: 'Nothing was changed. Move it away first, with the database that it belongs to, or restore into another folder.',
    })
  }
  return { missing, others }
}

function writeKey(file: string, content: string): void {
  writeFileSync(`${file}.restoring`, content, { mode: 0o600 })
  syncFile(`${file}.restoring`)
  renameSync(`${file}.restoring`, file)
}

function nameOfOld(target: string): string {
  const time = new Date().toISOString().replaceAll(/[-:]/g, '').replace(/\..*/, 'Z')
  let name = `${target}.before-${time}`
  for (let n = 2; existsSync(name); n++) name = `${target}.before-${time}-${n}`
  rmSync(`${name}-files`, { recursive: true, force: true })
  return name
}
