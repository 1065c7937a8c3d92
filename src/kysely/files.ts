import type { Kysely } from 'kysely'
import type { StoredFile } from '../file.ts'
import type { FileStore } from '../file-store.ts'
import { readPage, toPage } from './cursor.ts'
import { type Database, decide, read, type Trx } from './database.ts'
import type { FileRow, Tables } from './schema.ts'

/** Rows deleted in one transaction, so that pruning keeps nobody waiting. */
const pruned = 500

export function fileQueries(db: Database): FileStore {
  return {
    keepFile: (file) =>
      decide(db, async (trx) => {
        await trx.query.insertInto('file').values(toRow(file)).execute()
      }),

    file: (id) =>
      read(async () => {
        const row = await db.selectFrom('file').selectAll().where('id', '=', id).executeTakeFirst()
        return row === undefined ? null : toFile(row)
      }),

    files: ({ space, ...page }) =>
      read(async () => {
        const place = readPage('files', page)
        let query = db.selectFrom('file').selectAll()
        if (space !== undefined) query = query.where('space', '=', space)
        if (place.after !== null) query = query.where('id', place.beyond, place.after)
        const rows = await query
          .orderBy('id', place.direction)
          .limit(place.limit + 1)
          .execute()
        return toPage(place, rows, ({ id }) => id, toFile)
      }),

    keepFilesUntil: (ids, until) =>
      decide(db, async (trx) => {
        await trx.query
          .updateTable('file')
          .set({ expires_at: until })
          .where('id', 'in', ids)
          .where('expires_at', '<', until)
          .execute()
      }),

    removeFile: (id) =>
      decide(db, async (trx) => {
        const row = await trx.query.selectFrom('file').select('sha256').where('id', '=', id).executeTakeFirst()
        if (row === undefined) return null
        await trx.query.deleteFrom('file').where('id', '=', id).execute()
        const [unused = null] = await unusedOf([row.sha256], trx)
        return { unused }
      }),

    // Most of the time there is nothing to forget, and then nothing is written.
    pruneFiles: async (before) => {
      const due = await read(() => dueBefore(before, db))
      return due.length === 0 ? { unused: [], more: false } : decide(db, (trx) => prune(before, trx))
    },

    usedBlobs: (blobs) =>
      read(async () => {
        const rows = await db.selectFrom('file').select('sha256').distinct().where('sha256', 'in', blobs).execute()
        return rows.map(({ sha256 }) => sha256)
      }),
  }
}

function dueBefore(before: number, query: Kysely<Tables>) {
  return query
    .selectFrom('file')
    .select(['id', 'sha256'])
    .where('expires_at', '<', before)
    .orderBy('expires_at')
    .limit(pruned)
    .execute()
}

async function prune(before: number, trx: Trx): Promise<{ unused: string[]; more: boolean }> {
  const rows = await dueBefore(before, trx.query)
  // A message may have put it off meanwhile.
  if (rows.length === 0) return { unused: [], more: false }
  const ids = rows.map(({ id }) => id)
  await trx.query.deleteFrom('file').where('id', 'in', ids).execute()
  const unused = await unusedOf([...new Set(rows.map(({ sha256 }) => sha256))], trx)
  return { unused, more: rows.length === pruned }
}

async function unusedOf(blobs: readonly string[], trx: Trx): Promise<string[]> {
  const rows = await trx.query.selectFrom('file').select('sha256').distinct().where('sha256', 'in', blobs).execute()
  const used = new Set(rows.map(({ sha256 }) => sha256))
  return blobs.filter((blob) => !used.has(blob))
}

function toRow({ id, name, mediaType, size, sha256, space, createdAt, expiresAt }: StoredFile): FileRow {
  return { id, name, media_type: mediaType, size, sha256, space, created_at: createdAt, expires_at: expiresAt }
}

function toFile({ id, name, media_type, size, sha256, space, created_at, expires_at }: FileRow): StoredFile {
  return { id, name, mediaType: media_type, size, sha256, space, createdAt: created_at, expiresAt: expires_at }
}
