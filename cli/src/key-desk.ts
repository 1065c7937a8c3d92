import { readOwner } from '@asyncv/migrations'
import type { ApiKey, KeyInput } from 'asyncv'
import { CommandError } from './failure.ts'
import { readOperatorKey } from './operator-key.ts'
import { words } from './words/spoken.ts'

/** Where keys are made: in the database, or, while a service has it, by that service. */
export interface KeyDesk {
  create(input: KeyInput): Promise<ApiKey & { key: string }>
  list(): Promise<ApiKey[]>
  revoke(id: string): Promise<ApiKey>
  close(): Promise<void>
}

export async function openKeyDesk(database: string): Promise<KeyDesk> {
  const owner = await readOwner(database).catch(() => null)
  if (owner === null) return inDatabase(database)
  const key = readOperatorKey(database)
  if (owner.management !== undefined && key !== null) return overHttp(owner.management, key, owner.pid)
  throw new CommandError(
    key === null ? words.keys.keyUnreadable(owner.pid) : words.keys.takesNoOrders(owner.pid),
    words.keys.asItsUser,
    1,
  )
}

async function inDatabase(database: string): Promise<KeyDesk> {
  // Loaded when they are needed: they are the whole library.
  const [{ openKeys }, { sqlite }] = await Promise.all([import('asyncv'), import('asyncv/sqlite')])
  const keys = await openKeys(sqlite(database))
  return {
    create: (input) => keys.create(input),
    list: () => everyPage((cursor) => keys.list(cursor === null ? {} : { cursor })),
    revoke: (id) => keys.revoke(id),
    close: () => keys.close(),
  }
}

function overHttp(url: string, key: string, pid: number): KeyDesk {
  // It closes its ports first, and lets the database go when what is under way has ended.
  const stopping = (): never => {
    throw new CommandError(words.keys.stopping(pid), words.service.tryAgain, 1)
  }
  const ask = async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
    const response = await fetch(`${url}/admin/v1/keys${path}`, {
      method,
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch(stopping)
    const answer = parse<Answer & Refused>(await response.text().catch(stopping), response)
    if (response.ok) return answer
    const wrong = response.status === 400 || response.status === 404
    throw new CommandError(
      saidBy(answer) ?? words.keys.answered(url, response.status),
      answer.hint ?? '',
      wrong ? 2 : 1,
    )
  }
  return {
    create: (input) => ask('POST', '', input),
    list: () => everyPage((cursor) => ask('GET', cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`)),
    revoke: (id) => ask('DELETE', `/${encodeURIComponent(id)}`),
    async close() {},
  }
}

interface Refused {
  code?: string
  detail?: string
  hint?: string
}

function saidBy({ code, detail }: Refused): string | undefined {
  return detail === undefined ? undefined : words.service.problem(code ?? '', detail)
}

function parse<Answer>(text: string, { url, status }: Response): Answer {
  try {
    return JSON.parse(text) as Answer
  } catch {
    const { origin } = new URL(url)
    throw new CommandError(words.service.foreign(origin, status), words.service.tryAgain, 1)
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
