import { onTestFinished, expect, test, vi } from 'vitest'
import { createAsyncv } from './asyncv.ts'
import { systemClock } from './clock.ts'
import type { RetentionOptions } from './options.ts'
import { sqlite } from './sqlite/index.ts'

const day = 24 * 60 * 60_000

const eventually = <Value>(check: () => Value) => vi.waitFor(check, { timeout: 10_000 })

async function open(retention: RetentionOptions) {
  const time = { now: Date.now() }
  const timers = new Set<() => void>()
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    clock: {
      ...systemClock,
      now: () => time.now,
      after(ms, fn) {
        // Short ones are the pauses between two pieces.
        if (ms < 1_000) return systemClock.after(ms, fn)
        timers.add(fn)
        return () => timers.delete(fn)
      },
    },
    agents: [{ name: 'helper', model: 'offline/demo' }],
    retention,
  })
  await asyncv.start()
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  /** Lets the timers end that are set now. */
  const ring = (): void => {
    for (const timer of [...timers]) {
      timers.delete(timer)
      timer()
    }
  }
  const ask = () => asyncv.send({ agent: 'helper', session: 'u', text: 'hi', idempotencyKey: 'k' })
  return { asyncv, time, ring, ask }
}

test('forgets a conversation when its time has come, and says of a repeat that its answer is gone', async () => {
  const { asyncv, time, ring, ask } = await open({ conversationsMs: day })
  const { task } = await ask()
  time.now += day
  ring()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect((await asyncv.task(task)).state).toBe('done')
  time.now += 1
  await eventually(async () => {
    ring() // the next timer is set when the walk before has ended
    await expect(asyncv.task(task)).rejects.toMatchObject({ code: 'task_unknown' })
  })
  await eventually(async () => expect((await asyncv.sessions()).data).toEqual([]))
  await expect(ask()).rejects.toMatchObject({
    code: 'idempotency_conflict',
    message: 'The message with the idempotency key "k" was answered before; its answer is kept no more.',
  })
  time.now += 30 * day
  await eventually(async () => {
    ring()
    expect((await ask()).duplicate).toBe(false)
  })
})

test('forgets nothing unless it is told to', async () => {
  const { asyncv, time, ring, ask } = await open({})
  const { task } = await ask()
  time.now += 10_000 * day
  ring()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect((await asyncv.task(task)).state).toBe('done')
  expect((await ask()).duplicate).toBe(true)
})

test('refuses to forget the keys of messages before platforms stop trying', () => {
  const agents = [{ name: 'helper', model: 'offline/demo' }]
  expect(() => createAsyncv({ agents, retention: { dedupeMs: 7 * day - 1, conversationsMs: -1 } })).toThrow(
    'retention.conversationsMs is -1; give a whole number from 1 up, or 0 to keep them for good.\nretention.dedupeMs is 604799999; give a whole number from 604800000 (7 days) up.',
  )
})
