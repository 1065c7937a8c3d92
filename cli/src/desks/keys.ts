import type { ApiKey, KeyInput } from 'asyncv'
import { hostUser } from './host-user.ts'
import type { Management } from '../calling/management.ts'
import { openDesk } from './open-desk.ts'

/** Where keys are made: in the database, or, while a service has it, by that service. */
export interface KeyDesk {
  create(input: KeyInput): Promise<ApiKey & { key: string }>
  list(): Promise<ApiKey[]>
  revoke(id: string): Promise<ApiKey>
  close(): Promise<void>
}

export function openKeyDesk(database: string, { makes }: { makes: boolean }): Promise<KeyDesk> {
  const ways = { what: 'asyncv.keys.create()', overHttp, inDatabase: () => inDatabase(database), makes }
  return openDesk(database, ways)
}

async function inDatabase(database: string): Promise<KeyDesk> {
  // Loaded when they are needed: they are the whole library.
  const [{ openKeys }, { sqlite }] = await Promise.all([import('asyncv'), import('asyncv/sqlite')])
  const keys = await openKeys(sqlite(database))
  return {
    create: (input) => keys.create(input, hostUser()),
    list: () => everyPage((cursor) => keys.list(cursor === null ? {} : { cursor })),
    revoke: (id) => keys.revoke(id, hostUser()),
    close: () => keys.close(),
  }
}

function overHttp({ ask }: Management): KeyDesk {
  return {
    create: (input) => ask('POST', '/keys', input),
    list: () =>
      everyPage((cursor) => ask('GET', cursor === null ? '/keys' : `/keys?cursor=${encodeURIComponent(cursor)}`)),
    revoke: (id) => ask('DELETE', `/keys/${encodeURIComponent(id)}`),
    async close() {},
  }
}

async function everyPage(
  page: (cursor: string | null) => Promise<{ data: ApiKey[]; nextCursor: string | null }>,
): Promise<ApiKey[]> {
  const all: ApiKey[] = []
  for (let cursor: string | null = null; ; ) {
    const { data, nextCursor }: { data: ApiKey[]; nextCursor: string | null } = await page(cursor)
    all.push(...data)
    if (nextCursor === null) return all
    cursor = nextCursor
  }
}
