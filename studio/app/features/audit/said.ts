import type { Words } from '../../words/english.ts'
import type { Entry } from './entries.ts'

/** An action in words; one that this page does not know, as it was written. */
export function sayAction(action: string, { audit }: Words): string {
  return (Object.hasOwn(audit.actions, action) && audit.actions[action]) || action
}

/** The name as it was then; for what nobody did, who stands for it. */
export function sayActor({ actor }: Pick<Entry, 'actor'>, { audit }: Words): string {
  const known = Object.hasOwn(audit.actors, actor.id) ? audit.actors[actor.id] : undefined
  return known === undefined
    ? (actor.name ?? actor.id)
    : actor.name && actor.name !== actor.id
      ? `${actor.name} (${known})`
      : known
}

const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What people call the target, as far as the entry tells; null where the target is a name already. */
export function nameOfTarget({ target, actor, detail }: Pick<Entry, 'target' | 'actor' | 'detail'>): string | null {
  if (!id.test(target)) return null
  if (target === actor.id) return actor.name
  for (const field of ['login', 'name', 'host']) {
    // A change was written down as what was before and after.
    const value = [detail?.[field]].flat().at(-1)
    if (typeof value === 'string') return value
  }
  return null
}
