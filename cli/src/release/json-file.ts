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

/** How long another command may have the file, and after which one that has it died. ms; it takes a few. */
const patienceMs = 5_000
const diedMs = 10_000

/** On disk when it returns, whole, whatever cuts it: what `change` makes of what is there, in turn with other commands. */
export function changeJsonFile(file: string, change: () => object): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    const release = lock(`${file}.lock`)
    try {
      write(file, change())
    } finally {
      release()
    }
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw cannotWrite(file, error, words.files.cannotWriteHint)
  }
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

function lock(file: string): () => void {
  const until = Date.now() + patienceMs
  for (;;) {
    try {
      closeSync(openSync(file, 'wx', 0o600))
      return () => rmSync(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || Date.now() > until) throw error
      const since = statSync(file, { throwIfNoEntry: false })?.mtimeMs
      if (since !== undefined && Date.now() - since > diedMs) rmSync(file, { force: true })
      // Nothing else is to be done meanwhile.
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}
