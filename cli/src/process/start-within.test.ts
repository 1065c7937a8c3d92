import { setTimeout as sleep } from 'node:timers/promises'
import { createAsyncv, definePlugin, offline } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { startWithin } from './start-within.ts'

function runtime(start: () => Promise<void>) {
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    providers: { offline: offline() },
    agents: [{ name: 'helper', model: 'offline/demo' }],
    plugins: [definePlugin({ name: 'slow', start, stop() {} })],
  })
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  return asyncv
}

const never = (): Promise<void> => new Promise(() => {})
const nobody = new AbortController().signal

test('a start that hangs is given up after a while, and nothing of it runs', async () => {
  const asyncv = runtime(never)
  await expect(startWithin(asyncv, { signal: nobody, ms: 50 })).rejects.toMatchObject({
    message: 'It had not started within 0.05 s.',
  })
  expect((await asyncv.ready()).ready).toBe(false)
})

test('the time begins when it is said to, so that what comes before has as long as it takes', async () => {
  const slow = runtime(() => sleep(30))
  await startWithin(slow, { signal: nobody, ms: 1, from: never() })
  expect((await slow.ready()).ready).toBe(true)
  const held = startWithin(runtime(never), { signal: nobody, ms: 20, from: sleep(20).then(() => {}) })
  await expect(held).rejects.toMatchObject({ message: 'It had not started within 0.02 s.' })
})

test('whoever wants no start any more ends it at once', async () => {
  const leaving = new AbortController()
  const starting = startWithin(runtime(never), { signal: leaving.signal, ms: 60_000 })
  setTimeout(() => leaving.abort(), 20)
  await expect(starting).rejects.toMatchObject({ code: 'not_running' })
})

test('one that is there in the moment in which it is given up does not stay', async () => {
  const leaving = new AbortController()
  const asyncv = runtime(async () => leaving.abort())
  await expect(startWithin(asyncv, { signal: leaving.signal })).rejects.toMatchObject({ code: 'not_running' })
  expect((await asyncv.ready()).ready).toBe(false)
})

test('one that takes its time, and not too long, runs', async () => {
  const asyncv = runtime(() => sleep(30))
  await startWithin(asyncv, { signal: nobody, ms: 10_000 })
  expect((await asyncv.ready()).ready).toBe(true)
})
