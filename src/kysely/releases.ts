import { notAbove, notParent } from '../release-store.ts'
import { readJson } from '../internal/read-json.ts'
import type { Release, ReleaseGrants, ReleaseStore, StoredRelease } from '../release-store.ts'
import { appendAudit } from './audit.ts'
import { readPage, toPage } from './cursor.ts'
import { type Database, decide, read, type Trx } from './database.ts'
import type { ReleaseRow } from './schema.ts'

/** How many releases are kept, the one in force among them. */
const kept = 1_000

/** The queries about releases; none is on the way of a message. */
export function releaseQueries(db: Database): ReleaseStore {
  return {
    runtimeId: (candidate, at) =>
      decide(db, async (trx) => {
        const known = await trx.query.selectFrom('runtime_identity').select('runtime').executeTakeFirst()
        if (known !== undefined) return known.runtime
        await trx.query.insertInto('runtime_identity').values({ id: 1, runtime: candidate, created_at: at }).execute()
        return candidate
      }),

    currentRelease: () =>
      read(async () => {
        const row = await newest(db)
        return row === undefined ? null : toStored(row)
      }),

    release: (revision) =>
      read(async () => {
        const row = await db.selectFrom('release').selectAll().where('revision', '=', revision).executeTakeFirst()
        return row === undefined ? null : toStored(row)
      }),

    grantsOf: (hash) =>
      read(async () => {
        const row = await db
          .selectFrom('release')
          .select('grants')
          .where('hash', '=', hash)
          .orderBy('revision', 'desc')
          .limit(1)
          .executeTakeFirst()
        return row === undefined ? null : grantsIn(row)
      }),

    releases: (page) =>
      read(async () => {
        const place = readPage('releases', page)
        let query = db.selectFrom('release').select([...summary])
        if (place.after !== null) query = query.where('revision', place.beyond, Number(place.after))
        const rows = await query
          .orderBy('revision', place.direction)
          .limit(place.limit + 1)
          .execute()
        return toPage(place, rows, ({ revision }) => revision, toRelease)
      }),

    sequences: () =>
      read(async () => {
        const rows = await db.selectFrom('publisher').select(['name', 'last_sequence']).orderBy('name').execute()
        return rows.map(({ name, last_sequence }) => ({ publisher: name, last: last_sequence }))
      }),

    applyRelease: (draft) =>
      decide(db, async (trx) => {
        const before = await newest(trx.query)
        if ((before?.hash ?? null) !== draft.parentHash) throw notParent(draft, before?.hash ?? null)
        const last = await lastSequence(trx, draft.publisher)
        if (!draft.forced && draft.sequence <= last) throw notAbove(draft, last)
        const row = toRow({ ...draft, revision: (before?.revision ?? 0) + 1 })
        await trx.query.insertInto('release').values(row).execute()
        await trx.query
          .deleteFrom('release')
          .where('revision', '<=', row.revision - kept)
          .execute()
        await raise(trx, draft.publisher, Math.max(last, draft.sequence), draft.appliedAt)
        await appendAudit(trx, {
          at: draft.appliedAt,
          by: draft.by,
          action: draft.forced ? 'release.forced' : 'release.applied',
          target: String(row.revision),
          before: before === undefined ? null : decided(before),
          after: decided(row),
        })
        return toStored(row)
      }),

    noteSequence: (publisher, sequence, at) =>
      decide(db, async (trx) => {
        if (sequence > (await lastSequence(trx, publisher))) await raise(trx, publisher, sequence, at)
      }),
  }
}

const summary = [
  'revision',
  'hash',
  'envelope',
  'publisher',
  'sequence',
  'parent_hash',
  'forced',
  'created_at',
  'applied_at',
  'actor',
  'actor_name',
] as const satisfies readonly (keyof ReleaseRow)[]

function newest(db: Pick<Database, 'selectFrom'>): Promise<ReleaseRow | undefined> {
  return db.selectFrom('release').selectAll().orderBy('revision', 'desc').limit(1).executeTakeFirst()
}

async function lastSequence(trx: Trx, publisher: string): Promise<number> {
  const row = await trx.query
    .selectFrom('publisher')
    .select('last_sequence')
    .where('name', '=', publisher)
    .executeTakeFirst()
  return row?.last_sequence ?? 0
}

async function raise(trx: Trx, name: string, sequence: number, at: number): Promise<void> {
  await trx.query
    .insertInto('publisher')
    .values({ name, last_sequence: sequence, at })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ last_sequence: sequence, at }))
    .execute()
}

/** What somebody decided, without what it says, for which its hash stands. */
function decided(row: ReleaseRow): Readonly<Record<string, unknown>> {
  const { revision, hash, publisher, sequence, parent_hash: parentHash, forced } = row
  return { revision, hash, publisher, sequence, parentHash, forced: forced === 1 }
}

function toRow({ envelope, parentHash, forced, createdAt, appliedAt, by, grants, ...rest }: StoredRelease): ReleaseRow {
  return {
    ...rest,
    envelope: envelope === null ? null : JSON.stringify(envelope),
    parent_hash: parentHash,
    forced: forced ? 1 : 0,
    created_at: createdAt,
    applied_at: appliedAt,
    grants: JSON.stringify(grants),
    actor: by.id,
    actor_name: by.name,
  }
}

function toRelease(row: Omit<ReleaseRow, 'document' | 'grants'>): Release {
  return {
    revision: row.revision,
    hash: row.hash,
    envelope: row.envelope === null ? null : ((readJson(row.envelope) ?? null) as Release['envelope']),
    publisher: row.publisher,
    sequence: row.sequence,
    parentHash: row.parent_hash,
    forced: row.forced === 1,
    createdAt: row.created_at,
    appliedAt: row.applied_at,
    by: { id: row.actor, name: row.actor_name },
  }
}

function toStored(row: ReleaseRow): StoredRelease {
  return { ...toRelease(row), document: row.document, grants: grantsIn(row) }
}

/** Somebody who has changed the row grants nothing by it. What is no envelope any more is told as one that is gone. */
function grantsIn({ grants }: Pick<ReleaseRow, 'grants'>): ReleaseGrants {
  return (readJson(grants) ?? { texts: [], secrets: {} }) as ReleaseGrants
}
