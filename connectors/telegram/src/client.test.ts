import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import type { CallError } from './call-error.ts'
import { type BotApi, botApi } from './client.ts'
import { resolveOptions, type TelegramOptions } from './options.ts'
import { fakeTelegram } from './testing/index.ts'

const token = '4242:secret-secret-secret'
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

test('calls a method and gives its result', async () => {
  const tg = await fake()
  expect(await api({ apiRoot: tg.url }).call('getMe', {})).toMatchObject({ id: 4242, is_bot: true })
})

test('calls below the path of apiRoot', async () => {
  const paths: (string | undefined)[] = []
  const url = await listening(
    createServer((request, response) => {
      paths.push(request.url)
      response.end('{"ok":true,"result":1}')
    }),
  )
  expect(await api({ apiRoot: `${url}/bots/` }).call('getMe', {})).toBe(1)
  expect(paths).toEqual([`/bots/bot${token}/getMe`])
})

test('keeps its connections from call to call', async () => {
  const server = createServer((_request, response) => response.end('{"ok":true,"result":1}'))
  let connections = 0
  server.on('connection', () => connections++)
  const kept = api({ apiRoot: await listening(server) })
  for (let n = 0; n < 5; n++) await kept.call('getMe', {})
  // A call made in the moment the last answer ends may open a second one; none opens its own.
  expect(connections).toBeLessThanOrEqual(2)
})

test('gives the reason and the wait of a refusal', async () => {
  const tg = await fake()
  tg.fault({ type: 'refuse', code: 429, description: 'Too Many Requests: retry after 7', retryAfter: 7 })
  expect(await failureOf(api({ apiRoot: tg.url }).call('getMe', {}))).toEqual({
    type: 'refused',
    code: 429,
    description: 'Too Many Requests: retry after 7',
    retryAfterMs: 7_000,
  })
})

test('tells a gateway’s answer from Telegram’s', async () => {
  const tg = await fake()
  tg.fault({ type: 'gateway', status: 502 })
  expect(await failureOf(api({ apiRoot: tg.url }).call('getMe', {}))).toEqual({ type: 'foreign', status: 502 })
})

test('knows that nothing was written where nobody listens', async () => {
  const apiRoot = await deadEnd()
  expect(await failureOf(api({ apiRoot }).call('getMe', {}))).toEqual({ type: 'unsent', origin: apiRoot })
})

test('knows that nothing was written when it could not connect in time', async () => {
  // Accepts connections, and then never speaks TLS.
  const mute = createTcpServer()
  const apiRoot = (await listening(mute)).replace('http:', 'https:')
  const begun = Date.now()
  expect((await failureOf(api({ apiRoot, timeouts: { connectMs: 100 } }).call('getMe', {}))).type).toBe('unsent')
  expect(Date.now() - begun).toBeLessThan(3_000)
})

test('gives up on an answer that takes too long', async () => {
  const apiRoot = await listening(createServer(() => {}))
  const begun = Date.now()
  const slow = api({ apiRoot, timeouts: { answerMs: 100 } })
  expect((await failureOf(slow.call('getMe', {}))).type).toBe('cut')
  expect(Date.now() - begun).toBeLessThan(3_000)
})

test('waits longer for an answer that it asked to be held', async () => {
  const server = createServer((_request, response) => {
    setTimeout(() => response.end('{"ok":true,"result":[]}'), 400)
  })
  const patient = api({ apiRoot: await listening(server), timeouts: { answerMs: 200 } })
  expect(await patient.call('getUpdates', {}, { holdMs: 1_000 })).toEqual([])
})

test('closes the connection at once when it is aborted', async () => {
  const server = createServer(() => {})
  const apiRoot = await listening(server)
  const abort = new AbortController()
  const call = api({ apiRoot }).call('getUpdates', {}, { signal: abort.signal, holdMs: 30_000 })
  const [socket] = await once(server, 'connection')
  await once(server, 'request')
  abort.abort(new Error('stopped'))
  expect((await failureOf(call)).type).toBe('cut')
  if (!socket.destroyed) await once(socket, 'close')
})

test('sends nothing when it was aborted while it connected', async () => {
  const server = createServer()
  let requests = 0
  server.on('request', () => requests++)
  const apiRoot = await listening(server)
  const abort = new AbortController()
  const call = api({ apiRoot }).call('sendMessage', {}, { signal: abort.signal })
  abort.abort(new Error('stopped'))
  expect((await failureOf(call)).type).toBe('unsent')
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(requests).toBe(0)
})

test('goes through the proxy', async () => {
  const tg = await fake()
  const tunnels: string[] = []
  const proxy = createServer().on('connect', (request, socket, head) => {
    tunnels.push(request.url ?? '')
    const [host = '', port] = (request.url ?? '').split(':')
    const target = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      target.write(head)
      target.pipe(socket).pipe(target)
    })
  })
  const throughProxy = api({ apiRoot: tg.url, proxy: await listening(proxy) })
  expect(await throughProxy.call('getMe', {})).toMatchObject({ id: 4242 })
  expect(tunnels).toEqual([new URL(tg.url).host])
})

test('knows that nothing was written when the proxy is away, or says no', async () => {
  const refusing = createServer().on('connect', (_request, socket) => {
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  for (const proxy of [await deadEnd(), await listening(refusing)]) {
    const failure = await failureOf(api({ apiRoot: 'http://127.0.0.1:9', proxy }).call('getMe', {}))
    expect(failure.type).toBe('unsent')
  }
})

test('shows the token in no error', async () => {
  const tg = await fake()
  const broken = await listening(createServer((_request, response) => response.end('{')))
  const babbling = await listening(createTcpServer((socket) => socket.end(`HTTP/1.1 ${token}\r\n\r\n`)))
  const aborted = AbortSignal.abort(new Error(`gave up on /bot${token}/getMe`))
  const outcomes = await Promise.allSettled([
    api({ apiRoot: await deadEnd() }).call('getMe', {}),
    api({ apiRoot: tg.url }).call('getMe', {}, { signal: aborted }),
    api({ apiRoot: broken }).call('getMe', {}),
    api({ apiRoot: babbling }).call('getMe', {}),
    api({ apiRoot: tg.url }).call('noSuchMethod', {}),
  ])
  for (const outcome of outcomes) {
    expect(outcome.status).toBe('rejected')
    expect(inspect(outcome, { depth: 20, showHidden: true })).not.toContain('secret-secret')
  }
})

function api(options: Partial<TelegramOptions>): BotApi {
  const made = botApi(resolveOptions({ token, ...options }))
  closing.push(() => made.close())
  return made
}

async function fake() {
  const tg = await fakeTelegram({ token })
  closing.push(tg.close)
  return tg
}

async function listening(server: Server): Promise<string> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** An address where nobody listens any more. */
async function deadEnd(): Promise<string> {
  const tg = await fakeTelegram()
  await tg.close()
  return tg.url
}

function failureOf(call: Promise<unknown>) {
  return call.then(
    () => expect.unreachable('it should have failed'),
    (error: CallError) => error.failure,
  )
}
