import type { Migration } from '../set.ts'

// What those who manage the runtime did. Each row holds the hash of the one before it, no two the same one, so that the
// rows are one chain; where it ends stands in a table of its own, so that rows cut from the end are missed.
export const audit: Migration = {
  version: 5,
  name: 'audit',
  up: {
    sqlite: [
      `create table audit (
        n integer primary key,
        at integer not null,
        actor text not null,
        actor_name text,
        action text not null,
        target text not null,
        before_hash text,
        after_hash text,
        prev_hash text not null unique,
        hash text not null
      ) strict`,
      `create index audit_action on audit (action, n)`,
      `create index audit_actor on audit (actor, n)`,
      `create table audit_head (
        id integer primary key check (id = 1),
        n integer not null,
        hash text not null
      ) strict`,
      `insert into audit_head values (1, 0, '${'0'.repeat(64)}')`,
    ],
  },
  down: { sqlite: ['drop table audit_head', 'drop table audit'] },
}
