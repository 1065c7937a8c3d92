import { existsSync, readFileSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import type { Environment } from './environment.ts'
import { CommandError } from '../failure.ts'
import { words } from '../words/spoken.ts'
import { malformedAt } from './json-place.ts'

/** What a configuration may be called, in the order in which it is looked for. */
export const configNames = ['ts', 'mjs', 'js', 'json'].map((ending) => `asyncv.config.${ending}`)

/** The configuration file: the one that is named, or one of the usual name here; null when there is none. */
export function findConfig(flag: unknown, environment: Environment): string | null {
  const given = flag ?? environment['ASYNCV_CONFIG']
  if (typeof given !== 'string' || given === '') {
    return configNames.map((name) => resolve(name)).find((file) => existsSync(file)) ?? null
  }
  const file = resolve(given)
  if (existsSync(file)) return file
  throw new CommandError(words.files.noConfig(file), words.files.noConfigHint, 2)
}

/** By path: a configuration is a program that may do things, and is run once. */
const read = new Map<string, Promise<unknown>>()

/** What a configuration file exports, as it stood there when it was first asked for. */
export function readConfig(file: string): Promise<unknown> {
  const known = read.get(file) ?? load(file)
  read.set(file, known)
  return known
}

/** From now on files are read as they stand there then. */
export function forgetConfigs(): void {
  read.clear()
}

/** What a JSON text says; `file` is where it comes from, for messages. */
export async function readJson(file: string, text: string): Promise<unknown> {
  try {
    return JSON.parse(text)
  } catch {
    const { line, column } = await malformedAt(text)
    throw new CommandError(words.files.noJson(file, line, column), words.files.cannotLoadHint, 2)
  }
}

async function load(file: string): Promise<unknown> {
  try {
    return extname(file) === '.json' ? await readJson(file, readFileSync(file, 'utf8')) : await loadModule(file)
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(words.files.cannotLoad(file, reason(error)), words.files.cannotLoadHint, 2)
  }
}

async function loadModule(file: string): Promise<unknown> {
  // Loaded when it is needed: it brings a TypeScript compiler along.
  const { moduleReader } = await import('./module-reader.ts')
  const config = await moduleReader(file, { interopDefault: true }).import(file, { default: true })
  return typeof config === 'function' ? config() : config
}

/** A module may read JSON itself: without the piece of text that JSON's errors quote, which may be a secret. */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/, (\.\.\.)?".*"(\.\.\.)? is not valid JSON$/s, ' makes it no valid JSON')
}
