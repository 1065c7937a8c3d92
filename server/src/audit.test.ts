import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '@asyncv/migrations'
import type { AuditEntry, AuditVerdict, Page, Scope } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Listening } from './listen.ts'
import { broken, gated, openService, problemOf, type Service } from './service.fixture.ts'

const operatorKey = `avk_operator_${'o'.repeat(43)}`
let folder: string
let service: Service
let management: Listening
let slow: ReturnType<typeof gated>

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'asyncv-audit-'))
  slow = gated()
  const storage = sqlite(join(folder, 'asyncv.db'))
  service = await openService({ slow, broken }, { storage }, { operatorKey })
  management = await service.management()
})
afterEach(async () => {
  await management.close({ graceMs: 0 })
  await service.close()
  rmSync(folder, { recursive: true, force: true })
})

function manage(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { Authorization: `Bearer ${operatorKey}`, 'Content-Type': 'application/json' }
  return fetch(`${management.url}/admin/v1${path}`, { ...init, headers })
}

async function listed(query = ''): Promise<AuditEntry[]> {
  return ((await (await manage(`/audit${query}`)).json()) as Page<AuditEntry>).data
}

async function verdict(query = ''): Promise<AuditVerdict> {
  return (await (await manage(`/audit/verify${query}`)).json()) as AuditVerdict
}

async function keyWith(scopes: Scope[]): Promise<{ id: string; headers: Record<string, string> }> {
  const { id, key } = await service.asyncv.keys.create({ name: scopes.join(' and '), scopes })
  return { id, headers: { Authorization: `Bearer ${key}` } }
}

async function failedTask(headers: Record<string, string>): Promise<string> {
  const answer = await service.post('broken', { text: 'hi' }, { ...headers, Prefer: 'respond-async' })
  const { task } = (await answer.json()) as { task: string }
  await service.asyncv.reply(task).catch(() => {})
  return task
}

test('what the operator does to keys is written down as the operator’s', async () => {
  const made = await manage('/keys', { method: 'POST', body: JSON.stringify({ name: 'reports' }) })
  const { id } = (await made.json()) as { id: string }
  await manage(`/keys/${id}`, { method: 'DELETE' })
  const { data } = (await (await manage('/keys')).json()) as Page<Record<string, unknown>>
  const { lastUsedAt: _, ...shown } = data[0] ?? {}
  const sorted = Object.fromEntries(Object.entries(shown).sort(([a], [b]) => (a < b ? -1 : 1)))
  const afterHash = createHash('sha256').update(JSON.stringify(sorted)).digest('hex')
  const operator = { id: 'operator', name: null }
  expect(await listed()).toMatchObject([
    { n: 2, actor: operator, action: 'key.revoked', target: id, afterHash },
    { n: 1, actor: operator, action: 'key.created', target: id },
  ])
})

test('who retries a task is written down by key and name', async () => {
  const { id, headers } = await keyWith(['invoke', 'read', 'operate'])
  const task = await failedTask(headers)
  const retried = await fetch(`${service.url}/v1/tasks/${task}/retry`, { method: 'POST', headers })
  expect(retried.status).toBe(200)
  expect(await listed('?action=task.retried')).toMatchObject([
    { actor: { id: `key:${id}`, name: 'invoke and read and operate' }, target: task },
  ])
})

test('who cancels by the right of an operator is written down; a caller’s own cancel is not', async () => {
  const caller = await keyWith(['invoke'])
  const operating = await keyWith(['operate'])
  // The first is being answered, and does not end; the two behind it wait.
  const accept = () => service.asyncv.accept({ agent: 'slow', text: 'hi', session: 's' })
  await accept()
  await slow.asked
  for (const { headers } of [caller, operating]) {
    const { task } = await accept()
    const cancelled = await fetch(`${service.url}/v1/tasks/${task}/cancel`, { method: 'POST', headers })
    expect(await cancelled.json()).toMatchObject({ id: task, state: 'cancelled' })
  }
  const entries = await listed('?action=task.cancelled')
  expect(entries).toMatchObject([{ actor: { id: `key:${operating.id}`, name: 'operate' } }])
})

test('lists come in pages, by action and by actor', async () => {
  for (const name of ['a', 'b', 'c']) await service.asyncv.keys.create({ name })
  await manage('/keys', { method: 'POST', body: JSON.stringify({ name: 'd' }) })
  const first = (await (await manage('/audit?limit=3')).json()) as Page<AuditEntry>
  const second = (await (await manage(`/audit?limit=3&cursor=${first.nextCursor}`)).json()) as Page<AuditEntry>
  expect([...first.data, ...second.data].map(({ n }) => n)).toEqual([4, 3, 2, 1])
  expect((await listed('?actor=program&order=oldest')).map(({ n }) => n)).toEqual([1, 2, 3])
  expect(await problemOf(await manage('/audit?action=key.made'))).toMatchObject({
    status: 400,
    code: 'input_invalid',
    hint: expect.stringContaining('key.created'),
  })
  expect(await problemOf(await manage('/audit?cursor=x'))).toMatchObject({ status: 400, code: 'input_invalid' })
})

test('verify says that the log is whole, and after somebody changed it, what is wrong', async () => {
  for (const name of ['a', 'b', 'c']) await service.asyncv.keys.create({ name })
  const { head, ...good } = await verdict()
  expect(good).toEqual({ whole: true, entries: 3, fault: null })
  expect(await verdict(`?head=${head.n}:${head.hash}`)).toMatchObject({ whole: true })
  expect(await verdict(`?head=4:${head.hash}`)).toMatchObject({ whole: false, fault: { kind: 'cut', n: 4 } })
  const database = await openSqlite(join(folder, 'asyncv.db'))
  database.exec(`update audit set actor = 'operator' where n = 2`)
  database.close()
  expect(await verdict()).toMatchObject({ whole: false, entries: 1, fault: { kind: 'edited', n: 2 } })
  const wrong = await problemOf(await manage('/audit/verify?head=last'))
  expect(wrong).toMatchObject({ status: 400, code: 'input_invalid', errors: [{ pointer: '/head' }] })
})

test('a key of one space does not read it, and it is not on the port for callers', async () => {
  const { headers } = await keyWith(['invoke', 'read', 'operate', 'configure'])
  for (const path of ['/admin/v1/audit', '/admin/v1/audit/verify']) {
    expect((await fetch(management.url + path, { headers })).status).toBe(403)
    expect((await fetch(management.url + path)).status).toBe(401)
    const there = await fetch(service.url + path, { headers: { Authorization: `Bearer ${operatorKey}` } })
    expect(await problemOf(there)).toMatchObject({ status: 404, code: 'route_unknown' })
  }
})
