import type { Migration } from '../set.ts'

// The vault. What is sealed is bound to the rest of its row; the key is elsewhere.
export const secrets: Migration = {
  version: 6,
  name: 'secrets',
  up: {
    sqlite: [
      `create table secret (
        name text primary key,
        version integer not null,
        cipher text not null,
        nonce text not null,
        key_id text not null,
        origins text,
        at integer not null
      ) strict, without rowid`,
    ],
  },
  down: { sqlite: ['drop table secret'] },
}
