/** Two people changed the same item: where they differ, and what becomes of it. */
import { secretName } from 'asyncv/schemas'
import { type Content, isObject, type Path, pointerOf, saysTheSame, withValue } from '../../api/content.ts'

export interface Clash {
  path: Path
  pointer: string
  mine: unknown
  theirs: unknown
  /** Whose change it is, by what both began with, as far as that is known. */
  changedBy: 'me' | 'them' | 'both' | 'unknown'
}

/** Each place where mine and theirs differ, as small as it can be told; lists are one place. */
export function clashesOf(base: unknown, mine: unknown, theirs: unknown, path: Path = []): Clash[] {
  if (isInside(mine) && isInside(theirs)) {
    const began = isObject(base) ? base : {}
    const keys = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])]
    return keys.flatMap((key) => clashesOf(began[key], mine[key], theirs[key], [...path, key]))
  }
  if (saysTheSame(mine, theirs)) return []
  const changedBy = saysTheSame(base, theirs) ? 'me' : saysTheSame(base, mine) ? 'them' : 'both'
  return [{ path, pointer: pointerOf(path), mine, theirs, changedBy }]
}

function isInside(value: unknown): value is Content {
  return isObject(value) && secretName(value) === null
}

/** What was chosen at one place: a side, or a text that was made of both. */
export type Choice = { side: 'mine' } | { side: 'theirs' } | { side: 'hand'; text: string }

/** What goes without asking: a change that only one of the two made stays. `null` has to be chosen. */
export function firstChoice({ changedBy }: Clash): Choice | null {
  return changedBy === 'me' ? { side: 'mine' } : changedBy === 'them' ? { side: 'theirs' } : null
}

/** Theirs, with mine and what was made by hand where that was chosen. */
export function mergedOf(theirs: Content, clashes: readonly Clash[], choices: ReadonlyMap<string, Choice>): Content {
  return clashes.reduce((content, clash) => {
    const choice = choices.get(clash.pointer)
    if (choice === undefined || choice.side === 'theirs') return content
    return withValue(content, clash.path, choice.side === 'mine' ? clash.mine : choice.text)
  }, theirs)
}
