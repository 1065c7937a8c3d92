import { distance } from 'fastest-levenshtein'

/** The known word that a mistyped one most likely meant; null when none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  let best: string | null = null
  let least = Math.max(2, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    const away = distance(word.toLowerCase(), candidate.toLowerCase())
    if (away < least) {
      least = away
      best = candidate
    }
  }
  return best
}

/** The end of a message about an unknown name: ` Did you mean "x"?`, or which there are. Begins with a space, or is empty. */
export function suggestion(given: string, known: readonly string[], kind = ''): string {
  const close = nearest(given, known)
  if (close !== null) return ` Did you mean "${close}"?`
  const all = known.length === 0 ? 'none' : known.join(', ')
  return ` Known${kind === '' ? '' : ` ${kind}`}: ${all}.`
}
