import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
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

/** How long another start may take between making the file and writing into it. ms; it takes less than one. */
const patienceMs = 500

/** The key in the file, which is written first if there is none. */
export async function ensureKey(kind: KeyFile): Promise<string> {
  return (existsSync(kind.file) ? null : write(kind)) ?? (await readWritten(kind))
}

/** Null when another that starts at the same time was first: they must not each believe in a key of their own. */
function write({ file, make }: KeyFile): string | null {
  const key = make()
  try {
    mkdirSync(dirname(file), { recursive: true })
    const opened = openSync(file, 'wx', 0o600)
    try {
      writeFileSync(opened, `${key}\n`)
      fsyncSync(opened)
    } finally {
      closeSync(opened)
    }
    keepName(file)
    return key
  } catch (error) {
    if (isFileThere(error)) return null
    throw new CommandError(words.files.cannotWrite(file, (error as Error).message), words.files.cannotWriteHint, 2)
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

async function readWritten({ file, checked, wayOut }: KeyFile): Promise<string> {
  try {
    chmodSync(file, 0o600)
    const until = Date.now() + patienceMs
    while (readFileSync(file, 'utf8') === '' && Date.now() < until) await sleep(5)
    return checked(readFileSync(file, 'utf8').trim())
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(words.files.cannotUse(file, (error as Error).message), wayOut, 2)
  }
}

function isFileThere(error: unknown): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException
  return code === 'EEXIST' && syscall === 'open'
}
