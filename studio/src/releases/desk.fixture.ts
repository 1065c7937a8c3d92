/** The releases of a Studio without its pages, for tests: with its real database, keys, client and loops. */
import { type Database, openDatabase } from '../database/open.ts'
import type { ItemKind } from '../database/tables.ts'
import { createEvents, type Events } from '../events.ts'
import { findHead } from '../items/read.ts'
import { writeVersion } from '../items/write.ts'
import { createSealer } from '../keys/seal.ts'
import { createRuntimeClient } from '../runtimes/client.ts'
import { ensureIdentity, type Identity } from '../runtimes/identity.ts'
import { createRuntimePort } from '../runtimes/port.ts'
import { createRuntimes } from '../runtimes/runtimes.ts'
import type { AnnouncedEvent, ReleasePorts } from './ports.ts'
import { openReleases, type Releases } from './releases.ts'
import { signerOf } from './signer.ts'

export const ann = { id: 'u1', login: 'ann', name: 'Ann' }

export interface Desk {
  db: Database
  releases: Releases
  events: Events
  identity: Identity
  announced: { event: AnnouncedEvent; data: Readonly<Record<string, unknown>> }[]
  /** Gives the id. */
  connect(name: string, managementUrl: string, key: string): Promise<string>
  disconnect(id: string): Promise<void>
  /** A new version; without content, a deletion. */
  save(kind: ItemKind, name: string, content: object | null): Promise<void>
  /** Once the target of a runtime has settled, or is as told. */
  target(release: number, runtime: string, until?: (target: Target) => boolean): Promise<Target>
  close(): Promise<void>
}

export type Target = Awaited<ReturnType<Releases['get']>>['targets'][number]

export async function openDesk(
  file: string,
  { hook, lookEveryMs = 60_000 }: { hook?: ReleasePorts['hook']; lookEveryMs?: number } = {},
): Promise<Desk> {
  const { db, close } = await openDatabase(file)
  const sealer = createSealer(Buffer.alloc(32, 7))
  const identity = await ensureIdentity(db, sealer, Date.now)
  const client = createRuntimeClient()
  const runtimes = createRuntimes(db, sealer, Date.now)
  const events = createEvents()
  const announced: Desk['announced'] = []
  const releases = openReleases(
    {
      db,
      runtimes: createRuntimePort(runtimes, client),
      signer: signerOf(identity),
      announce: async (_, event, data) => void announced.push({ event, data }),
      events,
      now: Date.now,
      logger: {
        debug() {},
        info() {},
        warn() {},
        error: (fields, message) => console.error(message, fields),
      },
      ...(hook === undefined ? {} : { hook }),
    },
    { lookEveryMs },
  )
  return {
    db,
    releases,
    events,
    identity,
    announced,
    async connect(name, managementUrl, key) {
      const { id } = await runtimes.connect(ann, { name, url: managementUrl, managementUrl, key })
      return id
    },
    disconnect: (id) => runtimes.disconnect(ann, id),
    async save(kind, name, content) {
      await db.transaction().execute(async (trx) => {
        const head = await findHead(trx, { kind, name })
        const action = content === null ? 'item.deleted' : 'item.saved'
        const next = content === null ? null : { ...content }
        await writeVersion(trx, head, { kind, name, content: next, action }, { at: Date.now(), by: ann, reason: null })
      })
    },
    async target(n, runtime, until = ({ state }) => state !== 'pending') {
      const deadline = Date.now() + 15_000
      for (;;) {
        const { targets } = await releases.get(n)
        const found = targets.find((one) => one.runtime === runtime)
        if (found !== undefined && until(found)) return found
        if (Date.now() > deadline) throw new Error(`It stays ${JSON.stringify(found)}.`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    async close() {
      await releases.close()
      await client.close()
      await close()
    },
  }
}
