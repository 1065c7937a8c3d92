import { AsyncvError } from '../errors.ts'
import type { SecretStore, StoredSecret } from '../secret-store.ts'
import { type Database, decide, read } from './database.ts'
import { fromJson } from './nouns.ts'
import type { SecretRow } from './schema.ts'

/** The queries about secrets; they are few, and read once at each start. */
export function secretQueries(db: Database): SecretStore {
  return {
    secrets: () =>
      read(async () => (await db.selectFrom('secret').selectAll().orderBy('name').execute()).map(toSecret)),

    putSecret: (secret) =>
      decide(db, async (trx) => {
        const row = toRow(secret)
        const before = await trx.query
          .selectFrom('secret')
          .select('version')
          .where('name', '=', secret.name)
          .executeTakeFirst()
        if ((before?.version ?? 0) !== secret.version - 1) throw conflict(secret, before?.version ?? 0)
        if (before === undefined) await trx.query.insertInto('secret').values(row).execute()
        else await trx.query.updateTable('secret').set(row).where('name', '=', secret.name).execute()
      }),

    removeSecret: (name) =>
      decide(db, async (trx) => {
        const { numDeletedRows } = await trx.query.deleteFrom('secret').where('name', '=', name).executeTakeFirst()
        return numDeletedRows > 0n
      }),
  }
}

function conflict({ name, version }: StoredSecret, found: number): AsyncvError {
  return new AsyncvError('state_conflict', `Version ${version} of ${name} does not follow version ${found}.`)
}

function toRow({ name, version, cipher, nonce, keyId, origins, at }: StoredSecret): SecretRow {
  return { name, version, cipher, nonce, key_id: keyId, origins: origins === null ? null : JSON.stringify(origins), at }
}

function toSecret({ name, version, cipher, nonce, key_id, origins, at }: SecretRow): StoredSecret {
  return { name, version, cipher, nonce, keyId: key_id, origins: origins === null ? null : fromJson(origins), at }
}
