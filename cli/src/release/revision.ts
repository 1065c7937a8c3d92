import { CommandError } from '../failure.ts'
import { words } from '../words/spoken.ts'

/** The number of a release, as it was typed. */
export function revisionOf(given: string): number {
  if (/^[1-9]\d{0,9}$/.test(given)) return Number(given)
  throw new CommandError(words.releases.noNumber(given), words.releases.noNumberHint, 2)
}
