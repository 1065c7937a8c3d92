import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cannotWrite } from '../cannot-write.ts'
import { CommandError } from '../failure.ts'
import { words } from '../words/spoken.ts'

/** A file with one key, which its owner alone may read. */
export interface KeyFile {
  file: string
  make(): string
  /** The key again, or an error that says what to do about the file. */
  checked(key: string): string
  /** What to do when it cannot be used. */
  wayOut: string
}

/** How long another start may take between making the file and writing into it, where there are no hard links. ms; it takes less than one. */
const patienceMs = 500

/** The key in the file, which is written first if there is none, and closed to others. */
export async function ensureKey(kind: KeyFile): Promise<string> {
  return (existsSync(kind.file) ? null : write(kind)) ?? (await readWritten(kind, { closing: true }))
}

/** The key in a file that is there, for who only looks. */
export function readKey(kind: KeyFile): Promise<string> {
  return readWritten(kind, { closing: false })
}

/**
 * Null when another that starts at the same time was first: they must not each believe in a key of their own. It is whole before it
 * has its name: an empty file in its place would keep everything from starting.
 */
function write({ file, make }: KeyFile): string | null {
  const key = make()
  const draft = `${file}.${process.pid}.new`
  try {
    mkdirSync(dirname(file), { recursive: true })
    rmSync(draft, { force: true })
    const opened = openSync(draft, 'wx', 0o600)
    try {
      writeFileSync(opened, `${key}\n`)
      fsyncSync(opened)
    } finally {
      closeSync(opened)
    }
    if (!giveName(draft, file)) return null
    keepName(file)
    return key
  } catch (error) {
    throw cannotWrite(file, error, words.files.cannotWriteHint)
  } finally {
    if (existsSync(draft)) rmSync(draft)
  }
}

/** What file systems say that have no hard links. */
const noLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

/** False when a file has that name already: it is never replaced. */
function giveName(draft: string, file: string): boolean {
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (!noLinks.includes(code)) throw error
  }
  return copied(draft, file)
}

function copied(draft: string, file: string): boolean {
  try {
    copyFileSync(draft, file, constants.COPYFILE_EXCL)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    rmSync(file, { force: true })
    throw error
  }
}

/** Puts the name of a file on disk: a power cut must not leave what was made with it, and it not. */
export function keepName(file: string): void {
  // There a folder cannot be opened, and its names are kept by themselves.
  if (process.platform === 'win32') return
  const folder = openSync(dirname(file), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

async function readWritten({ file, checked, wayOut }: KeyFile, { closing }: { closing: boolean }): Promise<string> {
  try {
    // On a disk that cannot be written it is read all the same.
    if (closing && (statSync(file).mode & 0o777) !== 0o600) chmodSync(file, 0o600)
    const until = Date.now() + patienceMs
    while (readFileSync(file, 'utf8') === '' && Date.now() < until) await sleep(5)
    return checked(readFileSync(file, 'utf8').trim())
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(words.files.cannotUse(file, (error as Error).message.replace(/\.$/, '')), wayOut, 2)
  }
}
