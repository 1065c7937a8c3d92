import type { Database } from '../database/open.ts'
import type { Events } from '../events.ts'
import type { ItemReference } from '../schemas/item.ts'
import { createModels, type Models } from './models.ts'
import type { RuntimePort } from './runtime-port.ts'
import { createTypes, type Types } from './types.ts'

/** What items stand on. */
export interface ItemPorts {
  db: Database
  runtimes: RuntimePort
  types: Types
  models: Models
  now: () => number
  /** Called after the commit of each change, with all that has a new version. */
  saved(items: readonly (ItemReference & { version: number })[]): void
}

export function createItemPorts({
  db,
  runtimes,
  events,
  now,
}: Pick<ItemPorts, 'db' | 'runtimes' | 'now'> & { events: Pick<Events, 'emit'> }): ItemPorts {
  return {
    db,
    runtimes,
    types: createTypes(runtimes, now),
    models: createModels(runtimes, now),
    now,
    saved(items) {
      for (const { kind, name, version } of items) events.emit({ type: 'item.saved', kind, name, version })
    },
  }
}
