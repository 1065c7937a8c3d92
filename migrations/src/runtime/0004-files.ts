import type { Migration } from '../set.ts'

// What was handed in; the bytes are files beside the database, by their hash.
export const files: Migration = {
  version: 4,
  name: 'files',
  up: {
    sqlite: [
      `create table file (
        id text primary key,
        name text not null,
        media_type text not null,
        size integer not null,
        sha256 text not null,
        space text not null,
        created_at integer not null,
        expires_at integer not null
      ) strict, without rowid`,
      `create index file_blob on file (sha256)`,
      `create index file_expires on file (expires_at)`,
    ],
  },
  down: { sqlite: ['drop table file'] },
}
