import { afterAll, beforeAll, expect, test } from 'vitest'
import { broken, counting, eventsOf, openService, problemOf, type Service } from './service.fixture.ts'

const week = 7 * 24 * 60 * 60_000

let service: Service
beforeAll(async () => {
  service = await openService({ demo: counting(), broken }, { events: { keepMs: week } })
})
afterAll(() => service.close())

/** Reads until so many events have come, and leaves. */
async function follow(url: string, count: number, headers: Record<string, string> = {}) {
  const leave = new AbortController()
  const response = await fetch(url, { headers, signal: leave.signal })
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array)
    if (text.split('\nevent: ').length > count) break
  }
  leave.abort()
  return text
    .split('\n\n')
    .filter((frame) => frame.startsWith('id: '))
    .map((frame) => {
      const [id, event, data] = frame.split('\n').map((line) => line.slice(line.indexOf(': ') + 2))
      return { id: Number(id), event, data: JSON.parse(data ?? '') as Record<string, unknown> }
    })
}

test('tells what happens from now on', async () => {
  await service.post('demo', { text: 'before' })
  const following = follow(`${service.url}/v1/events`, 2)
  await new Promise((resolve) => setTimeout(resolve, 100))
  const { task } = (await (await service.post('demo', { text: 'hi' })).json()) as { task: string }
  const heard = await following
  expect(heard.map(({ event, data }) => [event, data['task']])).toEqual([
    ['message.received', task],
    ['task.finished', task],
  ])
  expect(heard[0]?.data).toMatchObject({ id: heard[0]?.id, type: 'message.received', agent: 'demo' })
})

test('goes on behind the last event that was seen, none missing and none twice', async () => {
  for (let n = 0; n < 5; n++) await service.post(n % 2 === 0 ? 'demo' : 'broken', { text: `message ${n}` })
  const all = await follow(`${service.url}/v1/events?after=0`, 10)
  for (const { id } of all.slice(0, -1)) {
    const rest = await follow(`${service.url}/v1/events`, 1, { 'Last-Event-ID': String(id) })
    expect(rest[0]?.id).toBe(all[all.findIndex((event) => event.id === id) + 1]?.id)
  }
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
})

test('a place that is none is refused, and so is one that is forgotten, and a runtime that keeps nothing says so', async () => {
  const wrong = await fetch(`${service.url}/v1/events`, { headers: { 'Last-Event-ID': 'x' } })
  expect(await problemOf(wrong)).toMatchObject({ status: 400, code: 'input_invalid' })
  const none = await openService({ demo: counting() })
  expect(await problemOf(await fetch(`${none.url}/v1/events`))).toMatchObject({ status: 409, code: 'events_off' })
  await none.close()
  const short = await openService({ demo: counting() }, { events: { keepMs: 1 } })
  await short.post('demo', { text: 'hi' })
  await short.close()
})

test('a key hears what concerns its space and agents, until it is revoked', async () => {
  const own = await openService({ demo: counting(), broken }, { events: { keepMs: week } })
  const a = await own.asyncv.keys.create({ name: 'a', scopes: ['invoke', 'read'], space: 'a' })
  const b = await own.asyncv.keys.create({ name: 'b', scopes: ['invoke', 'read'], space: 'b' })
  const bearer = ({ key }: { key: string }) => ({ Authorization: `Bearer ${key}` })
  const stream = fetch(`${own.url}/v1/events`, { headers: bearer(a) })
  const response = await stream
  await own.post('demo', { text: 'theirs' }, bearer(b))
  const { task } = (await (await own.post('demo', { text: 'mine' }, bearer(a))).json()) as { task: string }
  await own.asyncv.keys.revoke(a.id)
  const heard = await eventsOf(new Response(await response.text().then((text) => text.replaceAll(/^id: .*\n/gm, ''))))
  expect(heard.map(({ event, data }) => [event, data['task'] ?? data['code']])).toEqual([
    ['message.received', task],
    ['task.finished', task],
    ['error', 'key_invalid'],
  ])
  const invoking = await own.asyncv.keys.create({ name: 'c', scopes: ['invoke'] })
  const refused = await fetch(`${own.url}/v1/events`, { headers: bearer(invoking) })
  expect(await problemOf(refused)).toMatchObject({ status: 403, code: 'scope_missing' })
  await own.close()
})

test('who listens without a key hears nothing more once there is one', async () => {
  const own = await openService({ demo: counting() }, { events: { keepMs: week } })
  const response = await fetch(`${own.url}/v1/events`)
  const { key } = await own.asyncv.keys.create({ name: 'first' })
  const text = await response.text()
  expect(text).toContain('"code":"key_missing"')
  expect((await own.post('demo', { text: 'hi' }, { Authorization: `Bearer ${key}` })).status).toBe(200)
  await own.close()
})
