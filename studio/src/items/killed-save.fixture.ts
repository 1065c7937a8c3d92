/** For a test: renames an item in the database it is given, and kills itself right before query n of that. */
import type { KyselyPlugin } from 'kysely'
import { openDatabase } from '../database/open.ts'
import { createEvents } from '../events.ts'
import { createItems } from './items.ts'
import { createItemPorts } from './ports.ts'
import { noRuntimes } from './no-runtimes.fixture.ts'

const [file = '', killAt = '0'] = process.argv.slice(2)
const { db, close } = await openDatabase(file)
let queries = 0
const killing: KyselyPlugin = {
  transformQuery({ node }) {
    if (node.kind !== 'SelectQueryNode' && ++queries === Number(killAt)) process.kill(process.pid, 'SIGKILL')
    return node
  },
  transformResult: async ({ result }) => result,
}
const ports = { db: db.withPlugin(killing), runtimes: noRuntimes, events: createEvents(), now: () => 5 }
const by = { id: 'u1', login: 'ann', name: 'Ann' }
await createItems(createItemPorts(ports)).rename(
  by,
  { kind: 'provider', name: 'main' },
  { base: 1, name: 'first', reason: null },
)
await close()
