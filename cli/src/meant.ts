import { distance } from 'fastest-levenshtein'
import { words } from './words/spoken.ts'

/** What somebody who wrote an unknown word most likely meant, or else what there is: the way out of the error. */
export function meant(given: string, known: readonly string[]): string {
  const away = (word: string): number => distance(given, word) + Math.abs(word.length - given.length) / 100
  const close = known.toSorted((a, b) => away(a) - away(b))[0] ?? ''
  return distance(given, close) <= 2 ? words.usage.didYouMean(close) : words.usage.known(known)
}
