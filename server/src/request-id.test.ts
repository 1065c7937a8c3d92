import { offline } from 'asyncv'
import { fakeConnector } from 'asyncv/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openService, problemOf, type Service } from './service.fixture.ts'

let service: Service
const lines: { fields: Record<string, unknown> }[] = []
const note = (fields: Record<string, unknown>): void => void lines.push({ fields })

/** A connector may pass on what another service says, and the head of such an answer cannot be changed. */
const webhook = (): Promise<Response> => fetch(`${service.url}/livez`)

beforeAll(async () => {
  const logger = { debug: note, info: note, warn: note, error: note, isLevelEnabled: () => true }
  const odd = async (): Promise<Response> => {
    throw 'no error'
  }
  const connectors = {
    hook: { ...fakeConnector(), webhook },
    odd: { ...fakeConnector({ account: 'odd:1' }), webhook: odd },
  }
  service = await openService({ open: offline() }, { connectors }, { logger: logger as never })
})
afterAll(() => service.close())

const ask = (path: string, id?: string): Promise<Response> =>
  fetch(`${service.url}${path}`, { headers: id === undefined ? {} : { 'X-Request-Id': id } })

test('an answer says the id that its caller gave, a problem in its body too, and the log has it', async () => {
  expect((await ask('/v1/agents', 'mine-1')).headers.get('x-request-id')).toBe('mine-1')
  const refused = await ask('/v1/tasks/nobody', 'mine-2')
  expect(refused.headers.get('x-request-id')).toBe('mine-2')
  expect(await problemOf(refused)).toMatchObject({ code: 'task_unknown', requestId: 'mine-2' })
  expect(lines.map(({ fields }) => fields['requestId'])).toContain('mine-2')
})

test.each([undefined, '', 'a b', 'x'.repeat(101), '<script>'])('for %j there is a new one', async (id) => {
  const first = (await ask('/v1/agents', id)).headers.get('x-request-id')
  const second = (await ask('/v1/agents', id)).headers.get('x-request-id')
  expect(first).toMatch(/^[0-9a-f-]{36}$/)
  expect(second).not.toBe(first)
})

test('a connector that throws what is no error fails as any other, and the log has it', async () => {
  expect(await problemOf(await ask('/connectors/odd', 'mine-5'))).toMatchObject({
    status: 500,
    code: 'internal',
    requestId: 'mine-5',
  })
  expect(lines.find(({ fields }) => fields['requestId'] === 'mine-5')?.fields).toMatchObject({
    error: { message: expect.stringContaining('no error') },
  })
})

test('a stream says it as well', async () => {
  const streamed = await service.post('open', { text: 'hi' }, { Accept: 'text/event-stream', 'X-Request-Id': 'mine-3' })
  await streamed.text()
  expect(streamed.headers.get('x-request-id')).toBe('mine-3')
})

test('an MCP host hears it, too', async () => {
  const answer = await fetch(`${service.url}/mcp`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'Mcp-Protocol-Version': '2025-06-18',
      'X-Request-Id': 'mine-4',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
  })
  expect([answer.status, answer.headers.get('x-request-id')]).toEqual([200, 'mine-4'])
  expect(await answer.text()).toContain('ask_open')
})

test('a platform that sends to a connector hears it, whatever answer the connector gives', async () => {
  const answer = await ask('/connectors/hook', 'mine-5')
  expect([answer.status, answer.headers.get('x-request-id')]).toEqual([200, 'mine-5'])
  expect(await answer.text()).toBe(await (await ask('/livez')).text())
})

test('/v1/stats counts', async () => {
  expect(await (await ask('/v1/stats')).json()).toMatchObject({ accepted: 1, ended: { done: 1 }, tasks: { queued: 0 } })
})
