/** The one secret of a Studio, in a file beside its database that its owner alone can read. */
import { hkdfSync, randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { StudioError } from '../studio-error.ts'

/** What is derived of it: each part for one use. */
export interface StudioKey {
  /** Seals what Studio has to be able to say again. */
  cipher: Buffer
  /** Signs the cookies of browsers that somebody has signed in with. */
  devices: Buffer
}

const bytes = 32

/** 32 bytes in base64 or hexadecimal. Throws `config_invalid`, without the value. */
export function readKey(given: string, place: string): StudioKey {
  const key = decode(given.trim())
  if (key?.length !== bytes) {
    throw new StudioError(
      'config_invalid',
      `The key in ${place} is not 32 bytes in base64 or hexadecimal.`,
      'Put the right one back. A new one (openssl rand -base64 32) opens nothing that was sealed: each runtime’s key has to be given again.',
    )
  }
  return { cipher: derive(key, 'cipher'), devices: derive(key, 'devices') }
}

/**
 * Reads the key in a file; makes both where there is none, unless something `isSealed` already, since a new key would open
 * nothing of it. Throws `config_invalid`.
 */
export function readKeyFile(path: string, { isSealed = false } = {}): StudioKey {
  try {
    return readKey(readFileSync(checkPrivate(path), 'utf8'), path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw asStudioError(error, path)
  }
  if (isSealed) throw lost(path)
  const made = randomBytes(bytes).toString('base64')
  try {
    write(path, `${made}\n`)
  } catch (error) {
    throw asStudioError(error, path)
  }
  return readKey(made, path)
}

/**
 * On disk, whole, before it has its name, and its name before anything is sealed with it: a power cut must leave no database
 * whose key is gone. Whoever has the database is alone, so nobody else makes one meanwhile.
 */
function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.new`
  rmSync(draft, { force: true })
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(draft, path)
  // There a folder cannot be opened, and its names are kept by themselves.
  if (process.platform === 'win32') return
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function lost(path: string): StudioError {
  return new StudioError(
    'config_invalid',
    `The key of Studio, ${path}, is gone, and its database is sealed with it.`,
    'Put back the studio.key that belongs to this database, or the ASYNCV_STUDIO_KEY that was used before. Where neither is left, move the database away: a new Studio can take over what the runtimes run.',
  )
}

function checkPrivate(path: string): string {
  if (process.platform === 'win32' || (statSync(path).mode & 0o077) === 0) return path
  throw new StudioError(
    'config_invalid',
    `Others on this machine can read the key of Studio, ${path}.`,
    `Take their right away: chmod 600 ${path}. If somebody has read it, give the runtimes new keys.`,
  )
}

function asStudioError(error: unknown, path: string): StudioError {
  if (error instanceof StudioError) return error
  return new StudioError(
    'config_invalid',
    `The key of Studio, ${path}, cannot be read or made: ${String((error as NodeJS.ErrnoException).code)}.`,
    'Check who owns the file and its folder.',
    { cause: error },
  )
}

function decode(text: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  if (/^[\w+/-]{43}=?$/.test(text)) return Buffer.from(text, 'base64')
  return null
}

function derive(key: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `asyncv/studio/${use}`, bytes))
}
