import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Provider } from 'asyncv'
import { streamEvent } from 'asyncv/schemas'
import { afterEach, expect, test, vi } from 'vitest'
import { EventStreams } from './event-stream.ts'
import { broken, counting, eventsOf, gated, openService, problemOf } from './service.fixture.ts'

afterEach(() => {
  vi.useRealTimers()
})

const streams = (): EventStreams => new EventStreams({ max: 9, pingMs: 15_000 })

const sse = { Accept: 'text/event-stream' }

test('streams what happens as events, the reply last', async () => {
  const service = await openService({ assistant: counting() })
  const response = await service.post('assistant', { session: 's', text: 'hello' }, sse)
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(response.headers.get('x-accel-buffering')).toBe('no')
  const events = await eventsOf(response)
  expect(events[0]).toMatchObject({ event: 'task.accepted', data: { session: 's', duplicate: false } })
  const said = events.filter(({ event }) => event === 'text.delta').map(({ data }) => data['text'])
  expect(events.at(-1)).toMatchObject({ event: 'task.finished', data: { session: 's', text: said.join('') } })
  await service.close()
})

test('each event is what the schema says, and named by its type', async () => {
  const service = await openService(
    { assistant: counting() },
    { agents: [{ name: 'assistant', model: 'assistant/m', tools: ['calculator'] }] },
  )
  const events = await eventsOf(await service.post('assistant', { text: 'what is 6 * 7' }, sse))
  expect(events.map(({ event }) => event)).toEqual(expect.arrayContaining(['tool.started', 'tool.finished']))
  for (const { event, data } of events) expect(streamEvent.parse(data)).toMatchObject({ type: event })
  await service.close()
})

test('a task that fails ends the stream with an error event that has its task', async () => {
  const service = await openService({ broken })
  const events = await eventsOf(await service.post('broken', { text: 'hello' }, sse))
  const task = events[0]?.data['task']
  expect(events.at(-1)).toMatchObject({ event: 'error', data: { code: 'provider_denied', status: 502, task } })
  expect(streamEvent.parse(events.at(-1)?.data)).toEqual(events.at(-1)?.data)
  await service.close()
})

test('what is refused is a problem with its status, not a stream', async () => {
  const service = await openService({ assistant: counting() })
  const refused = await service.post('nobody', { text: 'hello' }, sse)
  expect(await problemOf(refused)).toMatchObject({ status: 404, code: 'agent_unknown' })
  await service.close()
})

test('a reader that leaves does not cancel the task', async () => {
  const slow = gated()
  const service = await openService({ slow })
  const leaving = new AbortController()
  const response = await fetch(`${service.url}/v1/agents/slow/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...sse },
    body: '{"text":"hi"}',
    signal: leaving.signal,
  })
  leaving.abort()
  await expect(response.text()).rejects.toThrow()
  await slow.asked
  const [task] = (await service.asyncv.tasks()).data
  slow.letGo()
  expect(await service.asyncv.reply(task?.id ?? '')).toMatchObject({ text: 'at last' })
  await service.close()
})

test('a reader that does not read holds nobody up', async () => {
  const chatty: Provider = {
    async *stream() {
      for (let n = 0; n < 2_000; n++) {
        yield { type: 'text.delta', text: 'x'.repeat(10_000) }
        if (n % 100 === 0) await sleep(1)
      }
      yield { type: 'finish', reason: 'stop' }
    },
  }
  const limits = { outputTokens: 10_000_000 }
  const service = await openService({ chatty }, { agents: [{ name: 'chatty', model: 'chatty/m', limits }] })
  const { port } = new URL(service.url)
  const socket = connect(Number(port), '127.0.0.1').pause()
  const body = '{"text":"hi"}'
  socket.write(
    `POST /v1/agents/chatty/messages HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
  await vi.waitFor(async () => expect((await service.asyncv.stats()).ended.done).toBe(1), 10_000)
  expect((await service.post('chatty', { text: 'and me?' })).status).toBe(200)
  socket.destroy()
  await service.close()
})

/** Counts how far it was read, and whether it was left. */
function numbers(pauseMs = 0) {
  const source = { read: 0, ended: false, signal: null as AbortSignal | null }
  async function* events(signal: AbortSignal) {
    source.signal = signal
    try {
      for (;;) {
        yield { type: 'number', n: ++source.read }
        if (pauseMs > 0) await sleep(pauseMs, undefined, { signal })
      }
    } finally {
      source.ended = true
    }
  }
  return { source, events }
}

test('is read no further than its reader reads', async () => {
  const { source, events } = numbers()
  const response = await streams().events(events, () => ({}))
  await sleep(20)
  expect(source.read).toBeLessThan(4)
  await response.body?.cancel()
})

test('lets its source go when the reader leaves, also in the middle of a wait', async () => {
  const { source, events } = numbers(60_000)
  const response = await streams().events(events, () => ({}))
  const reader = response.body?.getReader()
  await reader?.read()
  void reader?.read().catch(() => {})
  await reader?.cancel()
  expect(source.signal?.aborted).toBe(true)
  await vi.waitFor(() => expect(source.ended).toBe(true))
})

test('says every 15 s that it is alive', async () => {
  vi.useFakeTimers()
  async function* silent() {
    yield { type: 'first' }
    await new Promise(() => {})
  }
  const reader = (await streams().events(silent, () => ({}))).body?.getReader()
  await reader?.read()
  const next = reader?.read()
  await vi.advanceTimersByTimeAsync(15_000)
  expect(new TextDecoder().decode((await next)?.value)).toBe(': ping\n\n')
})

test('a connection whose client reads nothing is closed', async () => {
  const chatty: Provider = {
    async *stream(_, { signal }) {
      while (!signal.aborted) {
        yield { type: 'text.delta', text: 'x'.repeat(65_536) }
        await sleep(1)
      }
    },
  }
  const service = await openService({ chatty }, {}, { limits: { stuckMs: 300 } })
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1')
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.on('error', () => {})
  const body = '{"text":"hi","onDisconnect":"cancel"}'
  socket.write(
    `POST /v1/agents/chatty/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
  socket.pause()
  // It is cut while nothing reads; what its client reads afterwards ends in the middle.
  await expect.poll(async () => (await service.asyncv.tasks()).data[0]?.state, { timeout: 10_000 }).toBe('cancelled')
  socket.resume()
  await closed
  await service.close()
}, 20_000)
