import type { Migration } from '../set.ts'

// What the runtime was told to be, each as a whole; the newest is in force. A publisher's last sequence outlives its
// releases, which are kept for a while only. The document stands last: what is behind a long text in a row is found by going
// through all of it, and lists of releases read all but the document.
export const releases: Migration = {
  version: 7,
  name: 'releases',
  up: {
    sqlite: [
      `create table release (
        revision integer primary key,
        hash text not null,
        envelope text,
        publisher text not null,
        sequence integer not null,
        parent_hash text,
        forced integer not null,
        created_at integer not null,
        applied_at integer not null,
        actor text not null,
        actor_name text,
        grants text not null,
        document text not null
      ) strict`,
      `create table publisher (
        name text primary key,
        last_sequence integer not null,
        at integer not null
      ) strict, without rowid`,
      `create table runtime_identity (
        id integer primary key check (id = 1),
        runtime text not null,
        created_at integer not null
      ) strict`,
    ],
  },
  down: { sqlite: ['drop table runtime_identity', 'drop table publisher', 'drop table release'] },
}
