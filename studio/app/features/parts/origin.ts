import type { Words } from '../../words/english.ts'

/** Where a type comes from, as a person reads it: with the runtime, or from the plugin of this name. */
export function originSaid(origin: string, { builtIn }: Words['parts']): string {
  return origin === 'built-in' ? builtIn : origin
}
