import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Environment } from './environment.ts'
import { CommandError } from '../failure.ts'
import { words } from '../words/spoken.ts'

/**
 * What a secret is where the vault does not have it: what stands in the file that `NAME_FILE` names, relative to
 * `directory`, else the variable `NAME`. Each is read once, so that a request costs no look at the disk.
 */
export function secretValues(env: Environment, directory: string): (name: string) => string | undefined {
  const read = new Map<string, string | undefined>()
  return (name) => {
    if (!read.has(name)) read.set(name, fromFile(name, env, directory) ?? env[name])
    return read.get(name)
  }
}

function fromFile(name: string, env: Environment, directory: string): string | undefined {
  const given = env[`${name}_FILE`]
  if (given === undefined) return undefined
  const file = resolve(directory, given)
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new CommandError(
      words.secrets.fileUnreadable(name, file, String((error as NodeJS.ErrnoException).code)),
      words.secrets.fileUnreadableHint,
      2,
    )
  }
}
