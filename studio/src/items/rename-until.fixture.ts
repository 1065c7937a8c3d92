import type { KyselyPlugin } from 'kysely'
import type { Database } from '../database/open.ts'
import { createEvents } from '../events.ts'
import { createItems } from './items.ts'
import { noRuntimes } from './no-runtimes.fixture.ts'
import { createItemPorts } from './ports.ts'

/** Renames the model service `main`, and its agent with it; right before write n of that something else happens. */
export async function renameUntil(db: Database, n: number, happens: () => void): Promise<void> {
  let writes = 0
  const counting: KyselyPlugin = {
    transformQuery({ node }) {
      if (node.kind !== 'SelectQueryNode' && ++writes === n) happens()
      return node
    },
    transformResult: async ({ result }) => result,
  }
  const ports = { db: db.withPlugin(counting), runtimes: noRuntimes, events: createEvents(), now: () => 5 }
  const by = { id: 'u1', login: 'ann', name: 'Ann' }
  const wanted = { base: 1, name: 'first', reason: null }
  await createItems(createItemPorts(ports)).rename(by, { kind: 'provider', name: 'main' }, wanted)
}
