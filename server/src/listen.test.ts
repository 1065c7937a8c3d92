import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAsyncv, silentLogger } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { expect, test } from 'vitest'
import { createServer } from './server.ts'
import { counting, eventsOf, gated, openService } from './service.fixture.ts'

test.each(['0.0.0.0', '::', '192.168.1.10', 'example.com', '', '127.0.0.1.example.com'])(
  'does not listen on %j',
  async (host) => {
    await expect(createServer(stopped()).listen({ host, port: 0 })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining(JSON.stringify(host)),
      hint: expect.stringContaining('127.0.0.1'),
    })
  },
)

test.each(['127.0.0.1', 'localhost', '127.1.2.3'])('listens on %s', async (host) => {
  const asyncv = stopped()
  await asyncv.start()
  const listening = await createServer(asyncv).listen({ host, port: 0 })
  expect((await fetch(`${listening.url}/livez`)).status).toBe(200)
  await listening.close()
  await asyncv.stop()
})

test.each([-1, 65_536, 1.5, Number.NaN])('the port %s is refused', async (port) => {
  await expect(createServer(stopped()).listen({ host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining(String(port)),
  })
})

test('a port in use is named, with the way out', async () => {
  const service = await openService({ assistant: counting() })
  const port = Number(new URL(service.url).port)
  await expect(createServer(service.asyncv).listen({ host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining(String(port)),
    hint: expect.stringContaining('--port'),
  })
  await service.close()
})

test('before the runtime is started it is alive, not ready, and takes nothing in', async () => {
  const { url, close } = await createServer(stopped()).listen({ host: '127.0.0.1', port: 0 })
  expect((await fetch(`${url}/livez`)).status).toBe(200)
  expect((await fetch(`${url}/readyz`)).status).toBe(503)
  const headers = { 'content-type': 'application/json' }
  const asked = { method: 'POST', headers, body: '{"text":"hi"}' }
  expect((await fetch(`${url}/v1/agents/helper/messages`, asked)).status).toBe(503)
  await close()
})

test('close lets a request end, and waits no longer than that', async () => {
  const slow = gated()
  const service = await openService({ slow })
  const answer = service.post('slow', { text: 'hi' })
  await slow.asked
  const closed = service.listening.close({ graceMs: 10_000 })
  await expect(fetch(`${service.url}/livez`)).rejects.toThrow()
  const begun = Date.now()
  slow.letGo()
  expect(await (await answer).json()).toMatchObject({ reply: { text: 'at last' } })
  await closed
  expect(Date.now() - begun).toBeLessThan(2_000)
  await service.asyncv.stop()
})

test('close lets a stream end, and waits no longer than that', async () => {
  const slow = gated()
  const service = await openService({ slow })
  const stream = await service.post('slow', { text: 'hi' }, { Accept: 'text/event-stream' })
  const begun = Date.now()
  const closed = service.listening.close({ graceMs: 10_000 })
  slow.letGo()
  expect((await eventsOf(stream)).at(-1)).toMatchObject({ event: 'task.finished' })
  await closed
  expect(Date.now() - begun).toBeLessThan(2_000)
  await service.asyncv.stop()
})

test('close does not wait for connections on which nothing is asked', async () => {
  const service = await openService({ assistant: counting() })
  const port = Number(new URL(service.url).port)
  const silent = await open(port)
  const used = await open(port)
  used.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await new Promise((resolve) => used.once('data', resolve))
  const begun = Date.now()
  await service.listening.close({ graceMs: 10_000 })
  expect(Date.now() - begun).toBeLessThan(1_000)
  for (const socket of [silent, used]) socket.destroy()
  await service.asyncv.stop()
})

test('close cuts what goes on after the grace', async () => {
  const slow = gated()
  const service = await openService({ slow })
  const answer = service.post('slow', { text: 'hi' })
  const cut = expect(answer).rejects.toThrow()
  await slow.asked
  await service.listening.close({ graceMs: 50 })
  await cut
  slow.letGo()
  await service.asyncv.stop()
})

test('a runtime that stops ends its streams with an error event', async () => {
  const slow = gated()
  const service = await openService({ slow })
  const stream = await service.post('slow', { text: 'hi' }, { Accept: 'text/event-stream' })
  await slow.asked
  await service.asyncv.stop({ drainMs: 0 })
  expect((await eventsOf(stream)).at(-1)).toMatchObject({ event: 'error', data: { code: 'not_running', status: 503 } })
  await service.listening.close()
})

function stopped() {
  return createAsyncv({
    storage: sqlite(':memory:'),
    providers: {},
    agents: [{ name: 'assistant', model: 'offline/demo' }],
  })
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  await new Promise((resolve) => socket.once('connect', resolve))
  await sleep(10) // until the service has taken it, too
  return socket
}

test('what is no request is a problem, and the log has its request id', async () => {
  const logged: object[] = []
  const logger = { ...silentLogger, debug: (fields: object) => void logged.push(fields) }
  const service = await openService({ assistant: counting() }, {}, { logger })
  const answer = await service.raw('GET /livez HTTP/1.1\r\nHost: a@b\r\nConnection: close\r\n\r\n')
  const [, requestId] = /^x-request-id: (.+)\r$/im.exec(answer) ?? []
  expect(logged).toEqual([{ requestId, status: 400, code: 'request_malformed' }])
  expect(requestId).toEqual(expect.any(String))
  await service.close()
})
