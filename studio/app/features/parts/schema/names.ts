import type { Path } from '../../../api/content.ts'
import type { Words } from '../../../words/english.ts'
import type { Schema } from './shape.ts'

/** What an option is called and how it is explained: in our words where we know it, else as its schema says, else by its key. */
export function namesOf(path: Path, schema: Schema, words: Words): { label: string; hint: string | undefined } {
  const keys = path.filter((step) => typeof step === 'string')
  const key = String(keys.at(-1) ?? path.at(-1) ?? '')
  const known = at(words.parts.names, keys.slice(-2).join('.')) ?? at(words.parts.names, key)
  const explained = at(words.parts.hints, keys.slice(-2).join('.')) ?? at(words.parts.hints, key)
  const said = (name: string): string | undefined =>
    typeof schema[name] === 'string' ? (schema[name] as string) : undefined
  return { label: known ?? said('title') ?? readable(key), hint: explained ?? said('description') }
}

function at(all: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(all, key) ? all[key] : undefined
}

/** `perGroupPerMinute`: `Per group per minute`. */
function readable(key: string): string {
  const words = key.replace(/([a-z\d])([A-Z])/g, '$1 $2').replaceAll(/[_-]+/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase()
}
