/** What lies beside the publisher's key as JSON: read whole, written whole, for its owner alone. */
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
import { cannotWrite } from '../cannot-write.ts'
import { CommandError } from '../failure.ts'
import { keepName } from '../key-files/key-file.ts'
import { isAlive } from '../process/open-files.ts'
import { words } from '../words/spoken.ts'

/** Undefined where there is no file yet; null for what is no JSON. Throws for one that cannot be read. */
export function readJsonFile(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new CommandError(words.files.cannotUse(file, (error as Error).message), words.trust.keyFileHint, 2)
  }
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** How long another command may have the file. ms; it takes a few. */
const patienceMs = 5_000
/** A lock of that age is nobody's: its number may have become that of another process. ms. */
const diedMs = 10_000
/** Between a lock and the number in it lie microseconds, unless its command died there. ms. */
const namelessMs = 1_000

/** On disk when it returns, whole, whatever cuts it: what `change` makes of what is there, in turn with other commands. */
export function changeJsonFile(file: string, change: () => object): void {
  try {
    inTurn(file, () => write(file, change()))
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw cannotWrite(file, error, words.files.cannotWriteHint)
  }
}

/** Carries out what reads the file and writes it, while no other command does. */
function inTurn<Result>(file: string, change: () => Result): Result {
  const release = takeTurn(file)
  try {
    return change()
  } finally {
    release()
  }
}

/** Keeps other commands from the file until what it returns is called. Throws where no lock can be written, as it is. */
export function takeTurn(file: string): () => void {
  mkdirSync(dirname(file), { recursive: true })
  return lock(file, `${file}.lock`)
}

function write(file: string, value: object): void {
  const draft = `${file}.${process.pid}.new`
  try {
    const opened = openSync(draft, 'w', 0o600)
    try {
      writeFileSync(opened, `${JSON.stringify(value, null, 2)}\n`)
      fsyncSync(opened)
    } finally {
      closeSync(opened)
    }
    renameSync(draft, file)
    keepName(file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

function lock(named: string, file: string): () => void {
  const until = Date.now() + patienceMs
  for (;;) {
    try {
      const opened = openSync(file, 'wx', 0o600)
      try {
        writeFileSync(opened, String(process.pid))
      } catch (error) {
        // Without a number, as on a full disk, it would keep others waiting.
        rmSync(file, { force: true })
        throw error
      } finally {
        closeSync(opened)
      }
      return () => rmSync(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (Date.now() > until) throw new CommandError(words.files.inUse(named), words.files.inUseHint(file), 1)
      if (isLeft(file)) rmSync(file, { force: true })
      // Nothing else is to be done meanwhile.
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

/** Whether who made this lock has died: a deploy that is killed must not keep the next one waiting. */
function isLeft(file: string): boolean {
  const since = statSync(file, { throwIfNoEntry: false })?.mtimeMs
  if (since === undefined) return false
  const age = Date.now() - since
  const holder = holderOf(file)
  return age > diedMs || (holder === null ? age > namelessMs : !isAlive(holder))
}

function holderOf(lock: string): number | null {
  try {
    const text = readFileSync(lock, 'utf8')
    return /^\d+$/.test(text) ? Number(text) : null
  } catch {
    return null
  }
}
