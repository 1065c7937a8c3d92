import { openSqlite, readStatus, studioSet } from '@asyncv/migrations'
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { StudioError } from '../studio-error.ts'

/**
 * Copies Studio's database into one file, whether Studio runs or not, as it was at one moment. Looked through and on disk before
 * it gets its name; readable by its owner alone. The key is not in it. Throws `config_invalid` for a file that is there
 * already, and where there is no Studio; `StorageError` for a database that cannot be read. Gives its size in bytes.
 */
export async function backUpStudio(database: string, to: string): Promise<number> {
  if (existsSync(to)) {
    throw new StudioError('config_invalid', `${to} is there already.`, 'Name another file, or move that one away.')
  }
  if (!existsSync(database)) {
    throw new StudioError('config_invalid', `There is no ${database}.`, 'Say with --home where the data of Studio is.')
  }
  const part = `${to}.${process.pid}.part`
  try {
    // Made first, for its mode: nobody else is to read it while it grows.
    writeFileSync(part, '', { mode: 0o600, flag: 'wx' })
    await copyInto(part, database)
    await lookThrough(part)
    sync(part)
    renameSync(part, to)
    if (process.platform !== 'win32') sync(dirname(to))
    return statSync(to).size
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === undefined || !/^(E[A-Z]+|SQLITE_(FULL|IOERR))/.test(code)) throw error
    throw new StudioError('config_invalid', `${to} cannot be written: ${message}.`, 'Look at its folder and its disk.')
  } finally {
    for (const file of [part, `${part}-journal`]) rmSync(file, { force: true })
  }
}

/** One statement is one moment, and in write-ahead mode stops nobody who writes. */
async function copyInto(part: string, database: string): Promise<void> {
  const source = await openSqlite(database, { readonly: true, busyTimeoutMs: 5_000 })
  try {
    if (readStatus(source, studioSet).version === 0) {
      throw new StudioError('config_invalid', `${database} is no database of a Studio.`, 'Say with --home where it is.')
    }
    source.prepare('vacuum into ?').run([part])
  } finally {
    source.close()
  }
}

async function lookThrough(part: string): Promise<void> {
  const copy = await openSqlite(part, { readonly: true })
  try {
    const [found] = copy.prepare('pragma integrity_check').all([])
    if (found?.['integrity_check'] === 'ok') return
  } finally {
    copy.close()
  }
  throw new StudioError('config_invalid', 'The database of Studio is damaged.', 'Keep the backup that you have.')
}

function sync(path: string): void {
  const opened = openSync(path, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
