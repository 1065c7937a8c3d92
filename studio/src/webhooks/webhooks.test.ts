import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/open.ts'
import { createSealer } from '../keys/seal.ts'
import { silentLogger } from '../logger.ts'
import { addressProblem, publicLookup } from './address.ts'
import { openWebhooks, type Webhooks } from './webhooks.ts'

const folder = mkdtempSync(join(tmpdir(), 'asyncv-studio-webhooks-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const ann = { id: 'u1', login: 'ann' }

interface Opened {
  db: Database
  webhooks: Webhooks
  /** A moment that tests move. */
  clock: { ms: number }
  publish(): Promise<void>
  close(): Promise<void>
}

async function open(file = ':memory:', allowPrivate = true): Promise<Opened> {
  const { db, close } = await openDatabase(file)
  const clock = { ms: Date.now() }
  const sealer = createSealer(Buffer.alloc(32, 3))
  const webhooks = openWebhooks({ db, sealer, now: () => clock.ms, logger: silentLogger, allowPrivate })
  let isOpen = true
  const end = async (): Promise<void> => {
    if (!isOpen) return
    isOpen = false
    await webhooks.close()
    await close()
  }
  closing.push(end)
  const publish = async (): Promise<void> => {
    await db.transaction().execute((trx) => webhooks.announce(trx, 'release.published', { release: 1 }))
    webhooks.wake()
  }
  return { db, webhooks, clock, publish, close: end }
}

interface Seen {
  headers: IncomingHttpHeaders
  body: string
}

async function receiver(answer: (response: ServerResponse, n: number) => void = (response) => response.end()) {
  const seen: Seen[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    seen.push({ headers: request.headers, body })
    answer(response, seen.length)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(
    () => server.close(),
    () => server.closeAllConnections(),
  )
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` }
}

async function settled(
  webhooks: Webhooks,
  id: string,
  until: (delivery: { state: string; attempts: number }) => boolean,
) {
  for (let look = 0; look < 500; look++) {
    const { data } = await webhooks.deliveries(id, { limit: 10 })
    if (data[0] !== undefined && until(data[0])) return data[0]
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`It stays ${JSON.stringify((await webhooks.deliveries(id, { limit: 10 })).data[0])}.`)
}

test('a delivery proves itself with its secret, its time and its id', async () => {
  const { webhooks, publish, clock } = await open()
  const { seen, url } = await receiver()
  const { id, secret } = await webhooks.create(ann, { url, events: ['release.published'] })
  await publish()
  const delivery = await settled(webhooks, id, ({ state }) => state === 'sent')
  const { headers, body } = seen[0]!
  expect(JSON.parse(body)).toEqual({
    type: 'release.published',
    timestamp: new Date(clock.ms).toISOString(),
    data: { release: 1 },
  })
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  expect(headers).toMatchObject({
    'webhook-id': delivery.id,
    'webhook-timestamp': String(Math.floor(clock.ms / 1_000)),
    'webhook-signature': `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
  })
})

test('one that does not answer keeps nobody else’s deliveries back, however many wait for it', async () => {
  const { webhooks, publish, clock } = await open()
  const silent = await receiver(() => {})
  const { id } = await webhooks.create(ann, { url: silent.url, events: ['release.published'] })
  for (let n = 0; n < 80; n++, clock.ms++) await publish()
  const { seen, url } = await receiver()
  await webhooks.create(ann, { url, events: ['release.published'] })
  await publish()
  await expect.poll(() => seen.length, { timeout: 8_000 }).toBe(1)
  expect((await webhooks.deliveries(id, { limit: 200 })).data).toHaveLength(81)
})

test('what waits when the clock is set back waits no longer for that', async () => {
  const { webhooks, publish, clock } = await open()
  const { seen, url } = await receiver((response, n) => response.writeHead(n === 1 ? 500 : 200).end())
  const { id } = await webhooks.create(ann, { url, events: ['release.published'] })
  await publish()
  await settled(webhooks, id, ({ attempts }) => attempts === 1)
  clock.ms -= 365 * 24 * 3_600_000
  webhooks.wake()
  await settled(webhooks, id, ({ state }) => state === 'sent')
  expect(seen).toHaveLength(2)
})

test('the vector that the libraries of Standard Webhooks are tested with', async () => {
  const { signedHeads } = await import('./signature.ts')
  const given = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}', at: 1_614_265_330_000 }
  expect(signedHeads(given, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')['webhook-signature']).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  )
})

test('only what was asked for is sent, and what was rolled back is not', async () => {
  const { webhooks, db } = await open()
  const { url } = await receiver()
  const { id } = await webhooks.create(ann, { url, events: ['release.refused'] })
  const failing = db.transaction().execute(async (trx) => {
    await webhooks.announce(trx, 'release.published', {})
    await webhooks.announce(trx, 'release.refused', {})
    throw new Error('not done')
  })
  await expect(failing).rejects.toThrow('not done')
  await db.transaction().execute((trx) => webhooks.announce(trx, 'release.published', {}))
  expect((await webhooks.deliveries(id, { limit: 10 })).data).toEqual([])
})

test('what is not taken is sent again, over a restart, under the same id', async () => {
  const file = join(folder, 'restart.db')
  const first = await open(file)
  const { seen, url } = await receiver((response, n) => response.writeHead(n === 1 ? 500 : 204).end())
  const { id } = await first.webhooks.create(ann, { url, events: ['release.published'] })
  await first.publish()
  const waiting = await settled(first.webhooks, id, ({ attempts }) => attempts === 1)
  expect(waiting).toMatchObject({ state: 'pending', problem: 'answers 500' })
  await first.close()
  const second = await open(file)
  // Not before its time.
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect((await second.webhooks.deliveries(id, { limit: 1 })).data[0]).toMatchObject({ attempts: 1 })
  second.clock.ms += 10_000
  second.webhooks.wake()
  expect(await settled(second.webhooks, id, ({ state }) => state === 'sent')).toMatchObject({ attempts: 2 })
  expect(new Set(seen.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
})

test('after a day it is dead, and can be sent again', async () => {
  const { webhooks, publish, clock } = await open()
  let works = false
  const { url, seen } = await receiver((response) => response.writeHead(works ? 200 : 503).end())
  const { id } = await webhooks.create(ann, { url, events: ['release.published'] })
  const began = clock.ms
  await publish()
  for (let attempt = 1; attempt < 8; attempt++) {
    const { nextAt } = await settled(webhooks, id, ({ attempts }) => attempts === attempt)
    clock.ms = nextAt ?? clock.ms
    webhooks.wake()
  }
  const dead = await settled(webhooks, id, ({ state }) => state === 'dead')
  expect(dead).toMatchObject({ attempts: 8, nextAt: null })
  expect((clock.ms - began) / 3_600_000).toBeGreaterThan(23.9)
  expect((clock.ms - began) / 3_600_000).toBeLessThan(27)
  works = true
  await webhooks.sendAgain(id, dead.id)
  expect(await settled(webhooks, id, ({ state }) => state === 'sent')).toMatchObject({ id: dead.id, attempts: 1 })
  expect(seen).toHaveLength(9)
})

test('a redirect is not followed, and who says that they are gone is left alone', async () => {
  const { webhooks, publish } = await open()
  const inner = await receiver()
  const outer = await receiver((response) => response.writeHead(307, { location: inner.url }).end())
  const gone = await receiver((response) => response.writeHead(410).end())
  const moved = await webhooks.create(ann, { url: outer.url, events: ['release.published'] })
  const over = await webhooks.create(ann, { url: gone.url, events: ['release.published'] })
  await publish()
  expect(await settled(webhooks, moved.id, ({ attempts }) => attempts === 1)).toMatchObject({
    problem: 'answers 307; redirects are not followed',
  })
  expect(await settled(webhooks, over.id, ({ state }) => state === 'dead')).toMatchObject({ problem: 'answers 410' })
  expect(inner.seen).toEqual([])
})

test('a private address is reached only when that is allowed, by number and by name', async () => {
  const { webhooks, publish } = await open(':memory:', false)
  const { url, seen } = await receiver()
  await expect(webhooks.create(ann, { url, events: ['release.published'] })).rejects.toMatchObject({
    code: 'input_invalid',
    more: { errors: [{ pointer: '/url' }] },
  })
  const named = url.replace('127.0.0.1', 'localhost')
  const { id } = await webhooks.create(ann, { url: named, events: ['release.published'] })
  await publish()
  expect(await settled(webhooks, id, ({ attempts }) => attempts === 1)).toMatchObject({
    problem: expect.stringContaining('no public address'),
  })
  expect(seen).toEqual([])
})

test.each([
  'http://10.0.0.1/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://2130706433/',
  'http://169.254.169.254/latest',
  'http://[fd00::1]/',
  'http://0.0.0.0/',
  'ftp://example.com/',
  'https://user:password@example.com/',
  'nonsense',
])('%s is no address of a webhook', (url) => {
  expect(addressProblem(url, { allowPrivate: false })).not.toBeNull()
})

test('of what a name leads to only public addresses are connected to', async () => {
  const lookup = publicLookup(((_: string, __: object, callback: (...told: unknown[]) => void) => {
    callback(null, [
      { address: '10.0.0.1', family: 4 },
      { address: '93.184.216.34', family: 4 },
    ])
  }) as never)
  const found = await new Promise((resolve) => lookup('a.example', { all: true }, (_, addresses) => resolve(addresses)))
  expect(found).toEqual([{ address: '93.184.216.34', family: 4 }])
})

test('nothing that is shown or stored has the secret', async () => {
  const { webhooks, db } = await open()
  const { id, secret } = await webhooks.create(ann, { url: 'https://hooks.example/x', events: ['release.applied'] })
  await webhooks.change(ann, id, { events: ['release.refused'] })
  const rows = [
    await db.selectFrom('webhook').selectAll().execute(),
    await db.selectFrom('audit').selectAll().execute(),
  ]
  expect(JSON.stringify([rows, await webhooks.list()])).not.toContain(secret.replace(/^whsec_/, ''))
})

test('a test is sent to one webhook, and a webhook that was deleted gets nothing', async () => {
  const { webhooks, publish } = await open()
  const { url, seen } = await receiver()
  const { id } = await webhooks.create(ann, { url, events: ['release.published'] })
  await webhooks.test(ann, id)
  await settled(webhooks, id, ({ state }) => state === 'sent')
  expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({ type: 'webhook.test', data: { by: 'ann' } })
  await webhooks.delete(ann, id)
  await publish()
  expect(seen).toHaveLength(1)
  await expect(webhooks.test(ann, id)).rejects.toMatchObject({ code: 'webhook_unknown' })
})
