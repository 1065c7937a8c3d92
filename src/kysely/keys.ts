import type { ApiKey, Scope } from '../key.ts'
import type { KeyStore } from '../key-store.ts'
import { appendAudit } from './audit.ts'
import { readPage, toPage } from './cursor.ts'
import { type Database, decide, read } from './database.ts'
import { fromJson } from './nouns.ts'
import type { ApiKeyRow } from './schema.ts'

/** The queries about API keys. Keys are looked up rarely: whoever asks remembers them for a moment. */
export function keyQueries(db: Database): KeyStore {
  return {
    createKey: (key, by) =>
      decide(db, async (trx) => {
        const row: ApiKeyRow = {
          id: key.id,
          hash: key.hash,
          name: key.name,
          space: key.space,
          scopes: JSON.stringify(key.scopes),
          agents: key.agents === null ? null : JSON.stringify(key.agents),
          created_at: key.createdAt,
          expires_at: key.expiresAt,
          revoked_at: key.revokedAt,
          last_used_at: key.lastUsedAt,
        }
        await trx.query.insertInto('api_key').values(row).execute()
        await appendAudit(trx, {
          at: key.createdAt,
          by,
          action: 'key.created',
          target: key.id,
          before: null,
          after: decided(toKey(row)),
        })
      }),

    key: (id) =>
      read(async () => {
        const row = await db.selectFrom('api_key').selectAll().where('id', '=', id).executeTakeFirst()
        return row === undefined ? null : { ...toKey(row), hash: row.hash }
      }),

    keys: (page) =>
      read(async () => {
        const place = readPage('keys', page)
        let query = db.selectFrom('api_key').selectAll()
        if (place.after !== null) query = query.where('id', place.beyond, place.after)
        const rows = await query
          .orderBy('id', place.direction)
          .limit(place.limit + 1)
          .execute()
        return toPage(place, rows, ({ id }) => id, toKey)
      }),

    anyKey: () =>
      read(async () => {
        const row = await db.selectFrom('api_key').select('id').limit(1).executeTakeFirst()
        return row !== undefined
      }),

    revokeKey: (id, at, by) =>
      decide(db, async (trx) => {
        const row = await trx.query.selectFrom('api_key').selectAll().where('id', '=', id).executeTakeFirst()
        if (row === undefined) return null
        const known = toKey(row)
        if (known.revokedAt !== null) return known
        await trx.query.updateTable('api_key').set({ revoked_at: at }).where('id', '=', id).execute()
        const revoked = { ...known, revokedAt: at }
        await appendAudit(trx, {
          at,
          by,
          action: 'key.revoked',
          target: id,
          before: decided(known),
          after: decided(revoked),
        })
        return revoked
      }),

    noteUse: (uses) =>
      decide(db, async (trx) => {
        for (const [id, at] of uses) {
          await trx.query
            .updateTable('api_key')
            .set({ last_used_at: at })
            .where('id', '=', id)
            .where((e) => e.or([e('last_used_at', 'is', null), e('last_used_at', '<', at)]))
            .execute()
        }
      }),
  }
}

/** What somebody decided about a key, without when it was used. */
function decided({ lastUsedAt: _, ...key }: ApiKey): Readonly<Record<string, unknown>> {
  return key
}

function toKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    space: row.space,
    scopes: fromJson<Scope[]>(row.scopes),
    agents: row.agents === null ? null : fromJson(row.agents),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  }
}
