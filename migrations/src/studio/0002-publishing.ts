import type { Migration } from '../set.ts'

// How far this Studio has counted its releases for each runtime, by what the runtime calls itself: a runtime that is taken
// off Studio's list and put on it again has still seen them. A database restored from an old backup counts from there, which
// the runtime notices. `forced` says that somebody asked for a target to be published over what the runtime has.
export const publishing: Migration = {
  version: 2,
  name: 'publishing',
  up: {
    sqlite: [
      `create table release_sequence (
        audience text primary key,
        last integer not null
      ) strict, without rowid`,
      `alter table release_target add column forced integer not null default 0`,
    ],
  },
  down: {
    sqlite: [`alter table release_target drop column forced`, `drop table release_sequence`],
  },
}
