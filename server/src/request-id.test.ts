import { offline } from 'asyncv'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openService, problemOf, type Service } from './service.fixture.ts'

let service: Service
const lines: { fields: Record<string, unknown> }[] = []
const note = (fields: Record<string, unknown>): void => void lines.push({ fields })

beforeAll(async () => {
  const logger = { debug: note, info: note, warn: note, error: note, isLevelEnabled: () => true }
  service = await openService({ open: offline() }, {}, { logger: logger as never })
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

test('a stream says it as well', async () => {
  const streamed = await service.post('open', { text: 'hi' }, { Accept: 'text/event-stream', 'X-Request-Id': 'mine-3' })
  await streamed.text()
  expect(streamed.headers.get('x-request-id')).toBe('mine-3')
})

test('/v1/stats counts', async () => {
  expect(await (await ask('/v1/stats')).json()).toMatchObject({ accepted: 1, ended: { done: 1 }, tasks: { queued: 0 } })
})
