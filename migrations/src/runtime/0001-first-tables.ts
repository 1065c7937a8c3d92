import type { Migration } from '../set.ts'

// Tables of short rows are kept by their primary key ("without rowid"): it is what they are looked up by, and a rowid
// would be one more tree to write for each row. Rows that hold texts are kept in the order of writing, so that they fill
// one page after the other (sqlite.org/withoutrowid.html draws the line at a twentieth of a page).
// An index by conversation is a page for each conversation that every commit touches, and most of what a commit has to
// write, so there is one of them: who looks for turns or tasks of a session finds them through its messages. What a task
// adds to its session's history is a column of its row, which its end has to write anyway.
// No foreign keys: rows are written and deleted by a dozen verbs that know what belongs together, and each key would cost
// a look-up on the message path. Ids are UUID v7, times are ms, JSON is text.
export const firstTables: Migration = {
  version: 1,
  name: 'first-tables',
  up: {
    sqlite: [
      `create table session (
        id text primary key,
        address text not null,
        generation integer not null,
        agent text not null,
        space text not null,
        next_seq integer not null,
        created_at integer not null,
        last_at integer not null,
        closed_at integer,
        unique (address, generation)
      ) strict, without rowid`,
      `create unique index session_open on session (address) where closed_at is null`,

      `create table message (
        id text primary key,
        session_id text not null,
        seq integer not null,
        task_id text,
        parts text not null,
        person text,
        received_at integer not null,
        unique (session_id, seq)
      ) strict`,

      `create table dedupe (
        scope text not null,
        key text not null,
        message_id text not null,
        body_hash text not null,
        at integer not null,
        primary key (scope, key)
      ) strict, without rowid`,

      `create table task (
        id text primary key,
        session_id text not null,
        message_id text not null,
        order_seq integer not null,
        state text not null check (state in ('queued', 'running', 'waiting', 'absorbed', 'done', 'failed', 'cancelled')),
        agent text not null,
        when_busy text not null,
        destination text,
        context text not null,
        into_task text,
        attempt integer not null,
        crashes integer not null,
        alone integer not null,
        cancel_requested_at integer,
        error text,
        turn text,
        turn_tokens integer,
        input_tokens integer not null,
        output_tokens integer not null,
        created_at integer not null,
        started_at integer,
        ended_at integer
      ) strict`,
      // A task that is born running and ends touches one of the two.
      `create index task_pending on task (session_id, order_seq) where state in ('queued', 'waiting')`,
      `create unique index task_running on task (session_id) where state = 'running'`,
      `create index task_absorbed on task (into_task) where into_task is not null`,
      `create index task_unanswered on task (state, id) where state in ('failed', 'cancelled')`,

      `create table step (
        task_id text not null,
        n integer not null,
        kind text not null check (kind in ('input', 'model', 'tool')),
        state text not null check (state in ('started', 'done', 'unknown')),
        version integer not null,
        attempt integer not null,
        name text,
        effect text,
        call text,
        result text,
        input_tokens integer not null,
        output_tokens integer not null,
        started_at integer not null,
        ended_at integer,
        primary key (task_id, n)
      ) strict`,

      `create table delivery (
        seq integer primary key,
        id text not null unique,
        key text not null,
        task_id text,
        message_id text,
        part integer not null,
        kind text not null check (kind in ('answer', 'notice', 'post')),
        destination text not null,
        target text,
        body text not null,
        state text not null check (state in ('pending', 'sending', 'sent', 'retrying', 'uncertain', 'held', 'dead', 'discarded')),
        attempt integer not null,
        next_at integer,
        uncertain_count integer not null,
        error text,
        created_at integer not null,
        retried_at integer,
        settled_at integer
      ) strict`,
      // A task's deliveries have its id and their part as their key.
      `create unique index delivery_key on delivery (key) where task_id is null`,
      `create unique index delivery_part on delivery (task_id, part) where task_id is not null`,
      `create index delivery_message on delivery (message_id) where message_id is not null`,
      // What an operator has to look at, and the sends that may have arrived: few rows, counted often.
      `create index delivery_stuck on delivery (state) where state in ('held', 'dead')`,
      `create index delivery_uncertain on delivery (uncertain_count) where uncertain_count > 0`,
      `create index delivery_open on delivery (destination, seq) where state in ('pending', 'sending', 'retrying', 'uncertain')`,

      `create table connector_state (
        account text not null,
        key text not null,
        value text not null,
        updated_at integer not null,
        primary key (account, key)
      ) strict, without rowid`,
    ],
  },
  down: {
    sqlite: ['connector_state', 'delivery', 'step', 'task', 'dedupe', 'message', 'session'].map(
      (table) => `drop table ${table}`,
    ),
  },
}
