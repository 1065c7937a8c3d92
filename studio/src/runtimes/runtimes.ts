/** The runtimes that this Studio is connected to. Their keys are sealed; only the client is given one. */
import type { Selectable } from 'kysely'
import type { z } from 'zod'
import { type Actor, append } from '../audit/append.ts'
import type { Database, Trx } from '../database/open.ts'
import type { RuntimeRow } from '../database/tables.ts'
import { Problem } from '../http/problem.ts'
import { uuidv7 } from '../id.ts'
import type { Sealer } from '../keys/seal.ts'
import type { Runtime, RuntimeCheck, runtimeChange, runtimeRequest } from '../schemas/runtime.ts'

/** What it takes to call a runtime. */
export interface Connection {
  id: string
  url: string
  managementUrl: string
  key: string
}

export interface Runtimes {
  list(): Promise<Runtime[]>
  get(id: string): Promise<Runtime>
  connect(by: Actor, request: z.output<typeof runtimeRequest>): Promise<Runtime>
  change(by: Actor, id: string, change: z.output<typeof runtimeChange>): Promise<Runtime>
  disconnect(by: Actor, id: string): Promise<void>
  /** Throws `runtime_unknown`, and `runtime_refused` when its key cannot be opened. Not to be shown. */
  connection(id: string): Promise<Connection>
  /** Keeps what a check has found, unless the runtime has another address by now. */
  note(of: Connection, check: RuntimeCheck): Promise<void>
}

export function createRuntimes(db: Database, sealer: Sealer, now: () => number): Runtimes {
  return { list, get: (id) => get(db, id), connect, change, disconnect, connection, note }

  async function list(): Promise<Runtime[]> {
    return (await db.selectFrom('runtime').selectAll().orderBy('name').execute()).map(toRuntime)
  }

  async function get(from: Pick<Database, 'selectFrom'>, id: string): Promise<Runtime> {
    return toRuntime(await rowOf(from, id))
  }

  async function connect(by: Actor, { name, url, managementUrl, key }: z.output<typeof runtimeRequest>) {
    return db.transaction().execute(async (trx) => {
      await checkFree(trx, name)
      const id = uuidv7(now())
      const place = { name, url, management_url: managementUrl, sealed_key: sealer.seal(placeOf(id), key) }
      const unknown = { runtime_id: null, version: null, problem: null, checked_at: null }
      await trx
        .insertInto('runtime')
        .values({ id, ...place, ...unknown, created_at: now(), created_by: by.id })
        .execute()
      const detail = { name, url, managementUrl, keyId: keyIdOf(key) }
      await append(trx, { at: now(), by, action: 'runtime.connected', target: id, detail })
      return get(trx, id)
    })
  }

  async function change(by: Actor, id: string, { key, ...given }: z.output<typeof runtimeChange>): Promise<Runtime> {
    return db.transaction().execute(async (trx) => {
      const before = await get(trx, id)
      const after = {
        name: given.name ?? before.name,
        url: given.url ?? before.url,
        managementUrl: given.managementUrl ?? before.managementUrl,
        keyId: key === undefined ? before.keyId : keyIdOf(key),
      }
      const moves = after.url !== before.url || after.managementUrl !== before.managementUrl
      if (moves && key === undefined) {
        const errors = [{ pointer: '/key', detail: 'is needed again where an address changes' }]
        throw new Problem('input_invalid', 'Another address takes the key again.', { errors })
      }
      if (after.name !== before.name) await checkFree(trx, after.name)
      await trx
        .updateTable('runtime')
        .set({ name: after.name, url: after.url, management_url: after.managementUrl })
        .$if(key !== undefined, (query) => query.set({ sealed_key: sealer.seal(placeOf(id), key ?? '') }))
        // What was found out is of another runtime then.
        .$if(moves, (query) => query.set({ runtime_id: null, version: null, problem: null, checked_at: null }))
        .where('id', '=', id)
        .execute()
      const keys = (['name', 'url', 'managementUrl', 'keyId'] as const).filter((part) => before[part] !== after[part])
      const detail = Object.fromEntries(keys.map((part) => [part, [before[part], after[part]]]))
      if (keys.length > 0 || key !== undefined) {
        await append(trx, { at: now(), by, action: 'runtime.changed', target: id, detail })
      }
      return get(trx, id)
    })
  }

  async function disconnect(by: Actor, id: string): Promise<void> {
    await db.transaction().execute(async (trx) => {
      const { name } = await get(trx, id)
      await trx.deleteFrom('runtime').where('id', '=', id).execute()
      await append(trx, { at: now(), by, action: 'runtime.disconnected', target: id, detail: { name } })
    })
  }

  async function connection(id: string): Promise<Connection> {
    const { url, management_url: managementUrl, name, sealed_key } = await rowOf(db, id)
    const key = sealer.open(placeOf(id), sealed_key)
    if (key !== null) return { id, url, managementUrl, key }
    throw new Problem(
      'runtime_refused',
      `The key of "${name}" cannot be opened: Studio has another key of its own now.`,
      {
        hint: 'Give the key of this runtime again.',
      },
    )
  }

  async function note({ id, url, managementUrl }: Connection, found: RuntimeCheck): Promise<void> {
    const { version, runtimeId, problem } = found
    await db
      .updateTable('runtime')
      .set({ problem: problem?.detail ?? null, checked_at: now() })
      .$if(version !== null, (query) => query.set({ version }))
      .$if(runtimeId !== null, (query) => query.set({ runtime_id: runtimeId }))
      .where('id', '=', id)
      .where('url', '=', url)
      .where('management_url', '=', managementUrl)
      .execute()
  }

  function toRuntime(row: Selectable<RuntimeRow>): Runtime {
    const key = sealer.open(placeOf(row.id), row.sealed_key)
    return {
      id: row.id,
      name: row.name,
      url: row.url,
      managementUrl: row.management_url,
      keyId: key === null ? null : keyIdOf(key),
      runtimeId: row.runtime_id,
      version: row.version,
      problem: row.problem,
      checkedAt: row.checked_at,
      createdAt: row.created_at,
    }
  }
}

async function rowOf(from: Pick<Database, 'selectFrom'>, id: string): Promise<Selectable<RuntimeRow>> {
  const row = await from.selectFrom('runtime').selectAll().where('id', '=', id).executeTakeFirst()
  if (row !== undefined) return row
  throw new Problem('runtime_unknown', `There is no runtime ${JSON.stringify(id)}.`)
}

function placeOf(id: string): string {
  return `runtime/${id}`
}

/** `avk_<id>_<secret>`. */
function keyIdOf(key: string): string {
  return key.split('_')[1] ?? ''
}

async function checkFree(trx: Trx, name: string): Promise<void> {
  const other = await trx.selectFrom('runtime').select('id').where('name', '=', name).executeTakeFirst()
  if (other === undefined) return
  const errors = [{ pointer: '/name', detail: 'is taken' }]
  throw new Problem('name_taken', `There is a runtime ${JSON.stringify(name)} already.`, { errors })
}
