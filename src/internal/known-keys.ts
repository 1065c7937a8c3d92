import { AsyncvError } from '../errors.ts'
import { suggestion } from './nearest.ts'

/** A misspelt option must not be one that silently means nothing. Throws `config_invalid`. */
export function checkKeys(what: string, given: object, known: readonly string[]): void {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue
    throw new AsyncvError('config_invalid', `${what}: unknown option "${key}".${suggestion(key, known)}`)
  }
}
