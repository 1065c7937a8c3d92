/**
 * What becomes of the database that a backup takes the place of. It gets a second name while it still has its own, so that
 * there is no moment without a database; the rename that puts the new one in place takes the first name away.
 */
import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { openSqlite, type SqliteDriverName } from '@asyncv/migrations'
import { isDamage, isNoDatabase } from './damage.ts'
import { syncFile, syncFolderOf } from './durable.ts'

/** What a restore that was killed has left: nobody else is at it, for the database is locked. */
export function removeLeft(target: string): void {
  const folder = dirname(target)
  const own = basename(target)
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const isStaged = name.startsWith(`${own}.restoring`) || name.endsWith('.key.restoring')
    // A second name of the database that is still in use; and the files of one that got none.
    const isUnused =
      name.startsWith(`${own}.before-`) &&
      (name.endsWith('-files') ? !existsSync(path.slice(0, -'-files'.length)) : isSame(path, target))
    if (isStaged || isUnused) rmSync(path, { recursive: true, force: true })
  }
}

function isSame(path: string, target: string): boolean {
  if (!existsSync(target)) return false
  const [one, other] = [statSync(path), statSync(target)]
  return one.ino === other.ino && one.dev === other.dev
}

/** Its files, under the name under which a database of that name looks for them. */
export function keepFiles(target: string, kept: string): void {
  const from = `${target}-files`
  if (!existsSync(from)) return
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/^[0-9a-f]{64}$/.test(entry.name)) continue
    const to = join(`${kept}-files`, basename(entry.parentPath))
    mkdirSync(to, { recursive: true, mode: 0o700 })
    secondName(join(entry.parentPath, entry.name), join(to, entry.name))
  }
}

/**
 * Gives it its second name. What its log holds is written into the file first: a log that stayed would be taken for the
 * new database's. One that is too damaged for that keeps its log beside it.
 */
export async function keepOld(target: string, kept: string, driver?: SqliteDriverName): Promise<void> {
  try {
    const old = await openSqlite(target, driver === undefined ? {} : { driver })
    try {
      old.exec('pragma wal_checkpoint(truncate)')
      old.exec('pragma journal_mode = delete')
    } finally {
      old.close()
    }
  } catch (error) {
    if (!isDamage(error) && !isNoDatabase(error)) throw error
  }
  for (const suffix of ['', '-wal']) {
    if (existsSync(`${target}${suffix}`)) secondName(`${target}${suffix}`, `${kept}${suffix}`)
  }
  syncFolderOf(kept)
}

/** Takes away what belongs to the old file by its name alone. */
export function clearOld(target: string): void {
  for (const suffix of ['-wal', '-shm', '-journal']) rmSync(`${target}${suffix}`, { force: true })
}

function secondName(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    // Not every file system has second names; then it is a second file.
    copyFileSync(from, to)
    syncFile(to)
  }
}
