import type { Migration } from '../set.ts'
import { eventTriggers } from './event-triggers.ts'

// What happened, in the order in which it was committed. `autoincrement` never gives a number twice, also when rows are
// pruned. The triggers that write here come and go with the setting (event-triggers.ts).
export const events: Migration = {
  version: 3,
  name: 'events',
  up: {
    sqlite: [
      `create table event (
        id integer primary key autoincrement,
        at integer not null,
        type text not null,
        message_id text,
        task_id text,
        delivery_id text,
        error text
      ) strict`,
      `create index event_at on event (at)`,
    ],
  },
  down: { sqlite: [...eventTriggers.sqlite.drop, 'drop table event'] },
}
