import { AsyncvError } from '../errors.ts'
import type { SecretStore, StoredSecret } from '../secret-store.ts'
import { appendAudit } from './audit.ts'
import { type Database, decide, read } from './database.ts'
import type { SecretRow } from './schema.ts'

/** The queries about secrets; they are few, and read once at each start. */
export function secretQueries(db: Database): SecretStore {
  return {
    secrets: () =>
      read(async () => (await db.selectFrom('secret').selectAll().orderBy('name').execute()).map(toSecret)),

    putSecret: (secret, by) =>
      decide(db, async (trx) => {
        const row = toRow(secret)
        const before = await trx.query
          .selectFrom('secret')
          .selectAll()
          .where('name', '=', secret.name)
          .executeTakeFirst()
        if ((before?.version ?? 0) !== secret.version - 1) throw conflict(secret, before?.version ?? 0)
        if (before === undefined) await trx.query.insertInto('secret').values(row).execute()
        else await trx.query.updateTable('secret').set(row).where('name', '=', secret.name).execute()
        await appendAudit(trx, {
          at: secret.at,
          by,
          action: 'secret.set',
          target: secret.name,
          before: before === undefined ? null : decided(toSecret(before)),
          after: decided(secret),
        })
      }),

    removeSecret: (name, at, by) =>
      decide(db, async (trx) => {
        const row = await trx.query.selectFrom('secret').selectAll().where('name', '=', name).executeTakeFirst()
        if (row === undefined) return false
        await trx.query.deleteFrom('secret').where('name', '=', name).execute()
        const before = decided(toSecret(row))
        await appendAudit(trx, { at, by, action: 'secret.removed', target: name, before, after: null })
        return true
      }),
  }
}

/** What somebody decided about a secret: all but what is sealed. */
function decided({ cipher: _, nonce: __, ...secret }: StoredSecret): Readonly<Record<string, unknown>> {
  return secret
}

function conflict({ name, version }: StoredSecret, found: number): AsyncvError {
  return new AsyncvError('state_conflict', `Version ${version} of ${name} does not follow version ${found}.`)
}

function toRow({ name, version, cipher, nonce, keyId, origins, at }: StoredSecret): SecretRow {
  return { name, version, cipher, nonce, key_id: keyId, origins: origins === null ? null : JSON.stringify(origins), at }
}

function toSecret({ name, version, cipher, nonce, key_id, origins, at }: SecretRow): StoredSecret {
  return { name, version, cipher, nonce, keyId: key_id, origins: origins === null ? null : originsIn(origins), at }
}

/** None where somebody else wrote something else there: then the row does not open, and all others do. */
function originsIn(json: string): string[] {
  try {
    const origins: unknown = JSON.parse(json)
    if (Array.isArray(origins) && origins.every((origin) => typeof origin === 'string')) return origins
  } catch {
    // As below.
  }
  return []
}
