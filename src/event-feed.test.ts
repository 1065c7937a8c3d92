import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, expect, test } from 'vitest'
import type { Asyncv } from './api.ts'
import { createAsyncv } from './asyncv.ts'
import { systemClock } from './clock.ts'
import { EventFeed } from './event-feed.ts'
import { openStorage } from './kysely/storage.ts'
import { silentLogger } from './logger.ts'
import type { RecordedEvent } from './recorded-event.ts'
import { sqlite } from './sqlite/index.ts'
import { accept, sceneOn } from './testing/storage-contract/scene.ts'

const keepMs = 60_000

async function open() {
  const time = { now: Date.now() }
  const timers = new Set<() => void>()
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    clock: {
      ...systemClock,
      now: () => time.now,
      after(ms, fn) {
        timers.add(fn)
        const cancel = systemClock.after(ms, fn)
        return () => {
          timers.delete(fn)
          cancel()
        }
      },
    },
    agents: [{ name: 'helper', model: 'offline/demo' }],
    events: { keepMs },
  })
  await asyncv.start()
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  return {
    asyncv,
    time,
    /** Lets all timers end that are set now, such as that of the next pruning. */
    ring: () => {
      for (const timer of [...timers]) timer()
    },
    async next(after?: number): Promise<RecordedEvent | undefined> {
      const leave = new AbortController()
      const events = await asyncv.events({ signal: leave.signal, ...(after === undefined ? {} : { after }) })
      for await (const event of events) return event
      return undefined
    },
  }
}

test('refuses a place behind which events are forgotten, and one that never was', async () => {
  const { asyncv, time, ring, next } = await open()
  await asyncv.send({ agent: 'helper', text: 'one' })
  const first = await next(0)
  expect(first?.type).toBe('message.received')
  time.now += keepMs + 1
  await asyncv.send({ agent: 'helper', text: 'two' })
  ring()
  await expect.poll(async () => (await next(0))?.id).toBeGreaterThan(first?.id ?? 0)
  await expect(asyncv.events({ after: first?.id ?? 0 })).rejects.toMatchObject({ code: 'events_gone' })
  await expect(asyncv.events({ after: 1_000 })).rejects.toThrow('There is no event 1000; the last one is 4.')
})

test('refuses a place whose events are forgotten also when all are that old', async () => {
  const { asyncv, time, ring, next } = await open()
  await asyncv.send({ agent: 'helper', text: 'one' })
  time.now += keepMs + 1
  ring()
  await expect.poll(async () => (await next(0))?.id).toBe(2)
  await expect(asyncv.events({ after: 0 })).resolves.toBeDefined()
  const nothing = await open()
  await expect(nothing.asyncv.events({ after: 1 })).rejects.toMatchObject({ code: 'events_gone' })
})

test('a thousand readers that wait cost one look when something happens, and none is left behind', async () => {
  const options = { clock: systemClock, logger: silentLogger, hook: null, keepEvents: true }
  const storage = await openStorage(sqlite(':memory:'), options)
  let looks = 0
  const store = {
    pruneEvents: storage.pruneEvents,
    events: storage.events,
    eventRange() {
      looks++
      return storage.eventRange()
    },
  }
  const feed = new EventFeed(store, systemClock, keepMs)
  const heard: RecordedEvent[] = []
  const readers = Array.from({ length: 1_000 }, async () => {
    for await (const event of await feed.follow({})) heard.push(event)
  })
  await new Promise((resolve) => setTimeout(resolve, 50))
  looks = 0
  await accept(sceneOn({ storage, afterDeath: async () => storage }))
  for (let n = 0; n < 10; n++) feed.hear()
  await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(1_000)
  expect(looks).toBeLessThanOrEqual(3)
  expect(new Set(heard.map(({ type }) => type))).toEqual(new Set(['message.received']))
  feed.close()
  await Promise.all(readers)
  await storage.close()
})

test('what is not heard of is found all the same', async () => {
  const options = { clock: systemClock, logger: silentLogger, hook: null, keepEvents: true }
  const storage = await openStorage(sqlite(':memory:'), options)
  const feed = new EventFeed(storage, systemClock, keepMs)
  const events = (await feed.follow({}))[Symbol.asyncIterator]()
  const next = events.next()
  await accept(sceneOn({ storage, afterDeath: async () => storage }))
  expect((await next).value).toMatchObject({ type: 'message.received' })
  feed.close()
  expect(await events.next()).toMatchObject({ done: true })
  await storage.close()
})

/** As many events as are asked for, of which only every `nth` is for the reader. */
function manyEvents(count: number, nth: number) {
  const ranges: { after: number; upTo: number }[] = []
  const kept = { first: 1 }
  const event = (id: number): RecordedEvent => ({
    ...{ id, type: 'task.finished', at: 0, message: null, task: null, delivery: null, session: null, agent: null },
    ...{ destination: null, into: null, error: null },
  })
  const store = {
    pruneEvents: async () => false,
    eventRange: async () => ({ first: kept.first, last: count }),
    async events({ after, upTo, limit }: { after: number; upTo: number; limit: number }) {
      ranges.push({ after, upTo })
      const ids = Array.from({ length: upTo - after }, (_, index) => after + 1 + index)
      return ids
        .filter((id) => id >= kept.first && id % nth === 0)
        .slice(0, limit)
        .map(event)
    },
  }
  return { store, ranges, kept }
}

test('a reader who is shown little of much walks it in pieces, and lets others have their turn', async () => {
  const { store, ranges } = manyEvents(50_000, 9_000)
  const feed = new EventFeed(store, systemClock, keepMs)
  let turns = 0
  let counting = true
  const count = (): void => {
    turns++
    if (counting) setImmediate(count)
  }
  count()
  const ids: number[] = []
  for await (const { id } of await feed.follow({ after: 0, space: 'sales' })) {
    ids.push(id)
    if (ids.length === 5) break
  }
  counting = false
  feed.close()
  expect(ids).toEqual([9_000, 18_000, 27_000, 36_000, 45_000])
  expect(Math.max(...ranges.map(({ after, upTo }) => upTo - after))).toBeLessThanOrEqual(2_000)
  expect(ranges.slice(1).map(({ after }) => after)).toEqual(ranges.slice(0, -1).map(({ upTo }) => upTo))
  expect(turns).toBeGreaterThanOrEqual(ranges.length - 1)
})

test('a reader who is shown all of it misses none and sees none twice', async () => {
  const { store } = manyEvents(5_000, 1)
  const feed = new EventFeed(store, systemClock, keepMs)
  const ids: number[] = []
  for await (const { id } of await feed.follow({ after: 0 })) {
    ids.push(id)
    if (id === 5_000) break
  }
  feed.close()
  expect(ids).toEqual(Array.from({ length: 5_000 }, (_, index) => index + 1))
})

test('a reader slower than events are kept hears that some are gone', async () => {
  const { store, kept } = manyEvents(5_000, 1)
  const feed = new EventFeed(store, systemClock, keepMs)
  const events = (await feed.follow({ after: 0 }))[Symbol.asyncIterator]()
  for (let id = 1; id <= 200; id++) await events.next()
  kept.first = 201
  expect((await events.next()).value).toMatchObject({ id: 201 })
  for (let id = 202; id <= 400; id++) await events.next()
  kept.first = 402
  await expect(events.next()).rejects.toMatchObject({
    code: 'events_gone',
    message: 'Events from 401 to 401 are kept no more.',
  })
  feed.close()
})

test('who begins with the oldest that is kept finds it, however far the numbers have come', async () => {
  const { store, ranges, kept } = manyEvents(5_000_000, 1)
  kept.first = 4_999_999
  const feed = new EventFeed(store, systemClock, keepMs)
  const events = (await feed.follow({ after: 0 }))[Symbol.asyncIterator]()
  expect((await events.next()).value).toMatchObject({ id: 4_999_999 })
  expect(ranges.length).toBeLessThanOrEqual(2)
  feed.close()
})

test('what was not written down while events were off is a gap that readers are told of', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-events-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const storage = sqlite(join(folder, 'asyncv.db'))
  const during = async <Value>(keep: number, what: (asyncv: Asyncv) => Promise<Value>): Promise<Value> => {
    const events = { keepMs: keep }
    const asyncv = createAsyncv({ storage, agents: [{ name: 'helper', model: 'offline/demo' }], events })
    await asyncv.start()
    await asyncv.send({ agent: 'helper', text: 'hi' })
    try {
      return await what(asyncv)
    } finally {
      await asyncv.stop({ drainMs: 0 })
    }
  }
  const firstOf = async (asyncv: Asyncv, after: number): Promise<number> => {
    for await (const { id } of await asyncv.events({ after })) return id
    return 0
  }
  expect(await during(keepMs, (asyncv) => firstOf(asyncv, 1))).toBe(2)
  // A restart alone is no gap.
  expect(await during(keepMs, (asyncv) => firstOf(asyncv, 2))).toBe(3)
  await during(0, async () => {})
  await during(keepMs, async (asyncv) => {
    await expect(asyncv.events({ after: 4 })).rejects.toMatchObject({ code: 'events_gone' })
    expect(await firstOf(asyncv, 0)).toBe(6)
  })
})
