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
