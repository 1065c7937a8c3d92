import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { CommandError } from '../failure.ts'
import { findConfig, readConfig, readJson } from '../settings/read-config.ts'
import { words } from '../words/spoken.ts'

export interface Problem {
  pointer: string
  detail: string
}

export interface ReleaseFile {
  /** As it was named, for people. */
  name: string
  /** Nothing is checked of it but its form. */
  document: Readonly<Record<string, unknown>>
  /** What is no part of a release, or has not the form of one; empty when it can be published. */
  problems: readonly Problem[]
  /** The text, where it is JSON: places of a document are places of it. */
  json: string | null
}

/**
 * A release from a file: the portable part of a configuration (`asyncv.config.{ts,mjs,js,json}`), or a release document as
 * `asyncv releases show N --json` and Studio give it. `-` is a document on stdin; nothing named is the configuration here.
 */
export async function readReleaseFile(named: string | undefined): Promise<ReleaseFile> {
  const fromPipe = named === '-'
  const file = fromPipe ? null : findConfig(named, process.env)
  if (!fromPipe && file === null) throw new CommandError(words.deploy.noFile, words.deploy.noFileHint, 2)
  const name = file === null ? words.deploy.stdin : (named ?? file)
  const piped = file === null ? await textOf(process.stdin) : null
  // First, for it says in words what keeps it from being read.
  const value = file === null ? await readJson(name, piped ?? '') : await readConfig(file)
  const json = file?.endsWith('.json') === true ? readFileSync(resolve(file), 'utf8') : piped
  // Loaded when they are needed: they are the whole library.
  const [{ portableOf }, { documentProblems }] = await Promise.all([import('asyncv'), import('asyncv/schemas')])
  if (isDocument(value)) return { name, json, document: value, problems: documentProblems(value) }
  const { document, code, problems } = portableOf(value)
  return { name, json, document, problems: [...code, ...problems] }
}

/** A configuration has no version: it is what this program knows. */
function isDocument(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'schemaVersion')
}
