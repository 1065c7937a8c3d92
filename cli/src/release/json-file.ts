/** What lies beside the publisher's key as JSON: read whole, written whole, for its owner alone. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { CommandError } from '../failure.ts'
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

/** In its place when it returns, whole, whatever cuts it. */
export function writeJsonFile(file: string, value: object): void {
  const draft = `${file}.${process.pid}.new`
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw new CommandError(words.files.cannotWrite(file, (error as Error).message), words.files.cannotWriteHint, 2)
  }
}
