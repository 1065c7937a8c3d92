import type { Migration } from '../set.ts'

// Ids are UUID v7, times are ms, JSON is text. What proves who somebody is, a session's token or an invitation's, is there
// as its hash only, and what Studio must be able to say again, the keys of runtimes, is sealed with a key kept elsewhere.
// Names of people stand beside their ids where something was done, since accounts are deleted and what they did is not.
export const firstTables: Migration = {
  version: 1,
  name: 'first-tables',
  up: {
    sqlite: [
      `create table user (
        id text primary key,
        login text not null unique,
        name text not null,
        role text not null check (role in ('viewer', 'editor', 'operator', 'admin')),
        password text,
        language text,
        theme text,
        created_at integer not null,
        signed_in_at integer
      ) strict, without rowid`,
      `create table session (
        token_hash text primary key,
        user_id text not null references user (id) on delete cascade,
        created_at integer not null,
        seen_at integer not null,
        expires_at integer not null
      ) strict, without rowid`,
      `create index session_user on session (user_id)`,
      // One for each account: a new link puts an earlier one out of use.
      `create table invite (
        user_id text primary key references user (id) on delete cascade,
        token_hash text not null unique,
        created_at integer not null,
        expires_at integer not null
      ) strict, without rowid`,

      `create table runtime (
        id text primary key,
        name text not null unique,
        url text not null,
        management_url text not null,
        sealed_key text not null,
        runtime_id text,
        version text,
        problem text,
        checked_at integer,
        created_at integer not null,
        created_by text not null
      ) strict, without rowid`,
      // What this Studio signs releases with.
      `create table identity (
        id integer primary key check (id = 1),
        publisher text not null,
        public_key text not null,
        sealed_private_key text not null,
        created_at integer not null
      ) strict`,

      `create table item (
        kind text not null check (kind in ('agent', 'route', 'connector', 'provider')),
        name text not null,
        version integer not null,
        content text not null,
        changed_at integer not null,
        changed_by text not null,
        changed_by_name text not null,
        deleted_at integer,
        primary key (kind, name)
      ) strict`,
      `create table item_version (
        kind text not null,
        name text not null,
        n integer not null,
        content text not null,
        author text not null,
        author_name text not null,
        at integer not null,
        reason text,
        deleted integer not null,
        primary key (kind, name, n)
      ) strict`,

      `create table release (
        n integer primary key,
        document text not null,
        hash text not null,
        items text not null,
        summary text not null,
        author text not null,
        author_name text not null,
        at integer not null,
        rolls_back_to integer
      ) strict`,
      // `envelope` is what was signed for this runtime: the same one is sent again until it is known what became of it.
      `create table release_target (
        release integer not null references release (n),
        runtime_id text not null references runtime (id) on delete cascade,
        state text not null check (state in ('pending', 'applied', 'refused', 'drifted', 'superseded')),
        envelope text,
        attempts integer not null,
        next_at integer,
        problem text,
        revision integer,
        changed_at integer not null,
        primary key (release, runtime_id)
      ) strict`,
      `create index release_target_due on release_target (next_at) where next_at is not null`,

      `create table audit (
        n integer primary key,
        at integer not null,
        actor text not null,
        actor_name text not null,
        action text not null,
        target text not null,
        detail text,
        prev_hash text not null unique,
        hash text not null
      ) strict`,
      `create index audit_action on audit (action, n)`,
      `create index audit_actor on audit (actor, n)`,
      // Where the log ends stands in a table of its own, so that rows cut from the end are missed.
      `create table audit_head (
        id integer primary key check (id = 1),
        n integer not null,
        hash text not null
      ) strict`,
      `insert into audit_head values (1, 0, '${'0'.repeat(64)}')`,

      `create table webhook (
        id text primary key,
        url text not null,
        events text not null,
        sealed_secret text,
        created_at integer not null,
        created_by text not null
      ) strict, without rowid`,
      `create table webhook_delivery (
        id text primary key,
        webhook_id text not null references webhook (id) on delete cascade,
        event text not null,
        body text not null,
        state text not null check (state in ('pending', 'sent', 'dead')),
        attempts integer not null,
        next_at integer,
        problem text,
        created_at integer not null
      ) strict`,
      `create index webhook_delivery_due on webhook_delivery (next_at) where next_at is not null`,
      `create index webhook_delivery_of on webhook_delivery (webhook_id)`,
    ],
  },
  down: {
    sqlite: [
      'webhook_delivery',
      'webhook',
      'audit_head',
      'audit',
      'release_target',
      'release',
      'item_version',
      'item',
      'identity',
      'runtime',
      'invite',
      'session',
      'user',
    ].map((table) => `drop table ${table}`),
  },
}
