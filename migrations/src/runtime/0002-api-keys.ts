import type { Migration } from '../set.ts'

// A key is looked up by its id at each request. Of the secret there is nothing but the hash.
export const apiKeys: Migration = {
  version: 2,
  name: 'api-keys',
  up: {
    sqlite: [
      `create table api_key (
        id text primary key,
        hash text not null,
        name text not null,
        space text not null,
        scopes text not null,
        agents text,
        created_at integer not null,
        expires_at integer,
        revoked_at integer,
        last_used_at integer
      ) strict, without rowid`,
    ],
  },
  down: { sqlite: [`drop table api_key`] },
}
