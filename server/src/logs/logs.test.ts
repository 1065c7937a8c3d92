import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAsyncv, type Logger, createVault } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import type { Listening } from '../listen.ts'
import { createServer } from '../server.ts'
import { problemOf } from '../service.fixture.ts'
import { readLogFile } from './log-file.ts'
import { LogBook, type LogBookOptions } from './log-book.ts'
import type { LogLine } from './log-line.ts'

const operatorKey = `avk_operator_${'o'.repeat(43)}`
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

interface Place {
  logger: Logger
  book: LogBook
  management: Listening
  url: string
  lines(query?: string): Promise<LogLine[]>
  ask(path: string, headers?: Record<string, string>, signal?: AbortSignal): Promise<Response>
}

async function place(options: LogBookOptions & { stuckMs?: number; streams?: number } = {}): Promise<Place> {
  const book = new LogBook(options)
  const logger = pino({ level: 'debug', base: null }, book)
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    agents: [{ name: 'helper', model: 'offline/demo' }],
    logger,
  })
  await asyncv.start()
  const { stuckMs, streams } = options
  const limits = { ...(stuckMs === undefined ? {} : { stuckMs }), ...(streams === undefined ? {} : { streams }) }
  const server = createServer(asyncv, { operatorKey, logs: book, limits })
  const management = await server.management.listen(0)
  const url = `${management.url}/admin/v1/logs`
  const ask = (path: string, headers: Record<string, string> = {}, signal?: AbortSignal) =>
    fetch(url + path, {
      headers: { Authorization: `Bearer ${operatorKey}`, ...headers },
      ...(signal === undefined ? {} : { signal }),
    })
  closing.push(() => asyncv.stop({ drainMs: 0 }))
  closing.push(() => management.close({ graceMs: 0 }))
  const lines = async (query = ''): Promise<LogLine[]> =>
    ((await (await ask(query)).json()) as { data: LogLine[] }).data
  return { logger, book, management, url, ask, lines }
}

/** Reads frames until there are `count`. */
async function framesOf(response: Response, count: number): Promise<{ event: string; id: string; data: never }[]> {
  const frames: { event: string; id: string; data: never }[] = []
  let text = ''
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString()
    const whole = text.split('\n\n')
    text = whole.pop() ?? ''
    for (const frame of whole) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(frame)?.[1] ?? ''
      if (field('event') !== '')
        frames.push({ event: field('event'), id: field('id'), data: JSON.parse(field('data')) as never })
    }
    if (frames.length >= count) return frames
  }
  return frames
}

const tail = { Accept: 'text/event-stream' }
const messages = (lines: LogLine[]): string[] => lines.map(({ message }) => message)

test('shows the last lines, oldest first, with level, time and fields', async () => {
  const { logger, lines } = await place()
  const before = Date.now()
  logger.warn({ connector: 'tg', error: { code: 'connector_failed' } }, 'it failed')
  logger.info({ task: 't1' }, 'it went on')
  const found = (await lines()).slice(-2)
  expect(found).toMatchObject([
    { level: 'warn', message: 'it failed', fields: { connector: 'tg', error: { code: 'connector_failed' } } },
    { level: 'info', message: 'it went on', fields: { task: 't1' } },
  ])
  expect(found[0]?.at).toBeGreaterThanOrEqual(before)
  expect(messages(await lines('?limit=1'))).toEqual(['it went on'])
})

test.each([
  ['level=warn', ['b']],
  ['text=ORDER', ['a']],
  [`text=${encodeURIComponent('茶')}`, ['a']],
  [`text=${encodeURIComponent('"task":"t2"')}`, ['b']],
  [`text=${encodeURIComponent('a "pot')}`, ['a "pot"']],
  ['task=t2', ['b']],
  ['session=s1', ['c']],
  ['request=r1', ['a']],
  ['trace=x1', ['c']],
  ['connector=tg', ['d']],
  ['level=error&task=t2', []],
])('a filter %s', async (query, expected) => {
  const { logger, lines } = await place()
  logger.info({ requestId: 'r1', note: 'an Order of tea 茶' }, 'a')
  logger.warn({ task: 't2' }, 'b')
  logger.info({ session: 's1', traceId: 'x1' }, 'c')
  logger.debug({ connector: 'tg' }, 'd')
  logger.info({}, 'a "pot"')
  expect(messages(await lines(`?${query}`))).toEqual(expected)
})

test('a filter by time takes ms and ISO 8601', async () => {
  const { book, lines } = await place()
  book.write('{"level":30,"time":4102444800000,"msg":"later"}\n')
  expect(messages(await lines('?since=4102444800000'))).toEqual(['later'])
  expect(messages(await lines('?since=2100-01-01T00:00:00Z'))).toEqual(['later'])
  expect(await lines('?since=2100-01-01T00:00:01Z')).toEqual([])
})

test.each(['?level=loud', '?since=then', '?limit=0', '?limit=5001', '?lvel=info', '?task='])(
  'refuses %s',
  async (query) => {
    const { ask } = await place()
    expect(await problemOf(await ask(query))).toMatchObject({ status: 400, code: 'input_invalid' })
  },
)

test('keeps no more lines and no more characters than it may', async () => {
  const { logger, book, lines } = await place({ maxLines: 3 })
  for (const n of [1, 2, 3, 4, 5]) logger.info({}, `line ${n}`)
  expect(messages(await lines())).toEqual(['line 3', 'line 4', 'line 5'])
  const small = new LogBook({ maxSize: 1_000 })
  for (let n = 0; n < 100; n++) small.write(`{"level":30,"time":${n},"msg":"${'x'.repeat(100)}"}\n`)
  expect(small.read({}, 100).length).toBeLessThan(9)
  book.write(`{"level":50,"time":1,"msg":"much","fields":"${'x'.repeat(100_000)}"}\n`)
  expect((await lines()).at(-1)).toMatchObject({ level: 'error', message: 'much', fields: { cut: expect.any(String) } })
})

test('a tail gets lines as they come, and only those that fit', async () => {
  const { logger, ask } = await place()
  logger.warn({}, 'before')
  const response = await ask('?level=warn', tail)
  logger.info({}, 'not this')
  logger.warn({ task: 't1' }, 'this')
  const [frame] = await framesOf(response, 1)
  expect(frame).toMatchObject({ event: 'log.line', data: { message: 'this', fields: { task: 't1' } } })
  expect(frame).toMatchObject({ id: (frame as unknown as { data: LogLine }).data.id })
})

test('a tail that comes back misses nothing and sees nothing twice', async () => {
  const { logger, ask } = await place()
  logger.info({}, 'one')
  const first = await framesOf(await ask('?limit=1', tail), 1)
  logger.info({}, 'two')
  logger.info({}, 'three')
  const again = await framesOf(await ask('', { ...tail, 'Last-Event-ID': first[0]?.id ?? '' }), 2)
  expect(again.map(({ data }) => (data as unknown as LogLine).message)).toEqual(['two', 'three'])
})

test('a tail that comes back to another process gets all that this one wrote', async () => {
  const { logger, ask, lines } = await place()
  logger.info({}, 'after the restart')
  const all = await lines()
  const got = await framesOf(await ask('', { ...tail, 'Last-Event-ID': '0123abcd:77' }), all.length)
  expect(got.map(({ id }) => id)).toEqual(all.map(({ id }) => id))
})

test('a tail that was away too long is told how many lines are gone', async () => {
  const { logger, ask } = await place({ maxLines: 2 })
  logger.info({}, 'seen')
  const [seen] = await framesOf(await ask('?limit=1', tail), 1)
  for (const n of [1, 2, 3, 4, 5]) logger.info({}, `line ${n}`)
  const frames = await framesOf(await ask('', { ...tail, 'Last-Event-ID': seen?.id ?? '' }), 3)
  expect(frames.map(({ event, data }) => [event, (data as { message?: string; missed?: number }).missed])).toEqual([
    ['log.gap', 3],
    ['log.line', undefined],
    ['log.line', undefined],
  ])
})

test('a place that was never given out is refused', async () => {
  const { ask } = await place()
  expect(await problemOf(await ask('', { ...tail, 'Last-Event-ID': 'nowhere' }))).toMatchObject({
    code: 'input_invalid',
  })
})

test('a reader that does not read is cut, and costs the book nothing', async () => {
  const { logger, management } = await place({ maxLines: 50, stuckMs: 200 })
  const isCutWithin = async (ms: number): Promise<boolean> => {
    const socket = connect(Number(new URL(management.url).port), '127.0.0.1')
    closing.push(() => void socket.destroy())
    socket.on('error', () => {})
    await once(socket, 'connect')
    socket.pause()
    socket.write(
      `GET /admin/v1/logs HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nAuthorization: Bearer ${operatorKey}\r\n\r\n`,
    )
    const text = 'x'.repeat(12_000)
    const writing = setInterval(() => {
      for (let n = 0; n < 50; n++) logger.info({ text }, 'much')
    }, 5)
    await sleep(ms)
    clearInterval(writing)
    // Whoever was cut finds the end behind what was on its way; anybody else would be told of what comes for ever.
    const closed = Promise.race([once(socket, 'close').then(() => true), sleep(5_000, false)])
    socket.resume()
    return closed
  }
  // A busy machine takes longer to fill what lies between them.
  expect((await isCutWithin(1_500)) || (await isCutWithin(8_000))).toBe(true)
}, 30_000)

test('readers end when the book is closed, after all that was written', async () => {
  const { logger, book, ask } = await place()
  const response = await ask('', tail)
  logger.info({}, 'the last')
  book.close()
  const text = await response.text()
  expect(text).toContain('the last')
})

test('older lines come from the file, where there is one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-logs-'))
  closing.push(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'asyncv.log')
  writeFileSync(
    file,
    '{"level":30,"time":1000,"msg":"long ago"}\nno line\n{"level":50,"time":2000,"msg":"less long"}\n',
  )
  const { book, lines } = await place({ file })
  const written = book.read({}, 100)
  // As a service writes it into both.
  appendFileSync(
    file,
    `${written.map(({ at, message }) => JSON.stringify({ level: 30, time: at, msg: message })).join('\n')}\n`,
  )
  book.write(`{"level":30,"time":${Date.now()},"msg":"now"}\n`)
  const all = await lines()
  expect(messages(all)).toEqual(['long ago', 'less long', ...messages(written), 'now'])
  expect(all[0]?.id).toBeNull()
  expect(messages(await lines('?level=error'))).toEqual(['less long'])
  expect(messages(await lines('?limit=1'))).toEqual(['now'])
})

test('where the file was begun anew, lines come from the one before it as well', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-logs-'))
  closing.push(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'asyncv.log')
  writeFileSync(`${file}.1`, '{"level":30,"time":1000,"msg":"one"}\n{"level":30,"time":2000,"msg":"two"}\n')
  writeFileSync(file, '{"level":30,"time":3000,"msg":"three"}\n')
  const last = async (limit: number) => messages(await readLogFile(file, {}, { before: 4000, limit }))
  expect(await last(10)).toEqual(['one', 'two', 'three'])
  expect(await last(2)).toEqual(['two', 'three'])
  expect(await last(1)).toEqual(['three'])
})

test('no value of a secret is in it', async () => {
  const value = 'canary-8f3a61c0-value'
  const book = new LogBook()
  const vault = createVault({ key: Buffer.alloc(32, 7) })
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    vault,
    agents: [{ name: 'helper', model: 'offline/demo' }],
    logger: pino({ level: 'debug', base: null }, book),
    plugins: [],
  })
  await asyncv.start()
  closing.push(() => asyncv.stop({ drainMs: 0 }))
  await asyncv.secrets.put({ name: 'TOKEN', value })
  vault.logger(pino({ level: 'debug', base: null }, book)).error({ error: { message: `bad ${value}` } }, value)
  asyncv.on('task.finished', () => {
    throw new Error(`observer with ${value}`)
  })
  await asyncv.send({ agent: 'helper', text: 'hi' })
  const all = JSON.stringify(book.read({}, 5_000))
  expect(all).toContain('[secret TOKEN]')
  expect(all).toContain('an observer threw')
  expect(all).not.toContain(value)
})

test('a service without a book says so', async () => {
  const asyncv = createAsyncv({ storage: sqlite(':memory:'), agents: [{ name: 'helper', model: 'offline/demo' }] })
  const server = createServer(asyncv, { operatorKey })
  const response = await server.management.fetch(
    new Request('http://127.0.0.1/admin/v1/logs', { headers: { Authorization: `Bearer ${operatorKey}` } }),
  )
  expect(await problemOf(response)).toMatchObject({ status: 409, code: 'logs_off' })
})

test('a HEAD of the tail leaves none open', async () => {
  const { url, ask } = await place({ streams: 1 })
  const headers = { Authorization: `Bearer ${operatorKey}`, Accept: 'text/event-stream' }
  for (let n = 0; n < 3; n++) {
    const head = await fetch(url, { method: 'HEAD', headers })
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
  }
  const leaving = new AbortController()
  expect((await ask('', { Accept: 'text/event-stream' }, leaving.signal)).status).toBe(200)
  leaving.abort()
})
