import { expect, test } from 'vitest'
import { bucketsOf, type Measured, medianOf, sampleOf } from './buckets.ts'

const minute = 60_000
const now = 100 * 60 * minute + 30_000
const task = (createdAt: number, given: Partial<Measured> = {}): Measured => ({
  id: String(createdAt),
  state: 'done',
  createdAt,
  startedAt: createdAt + 10,
  endedAt: createdAt + 100,
  inputTokens: 5,
  outputTokens: 2,
  ...given,
})

test('puts each task into the part of the window in which it was made', () => {
  const tasks = [
    task(now - 1_000),
    task(now - 2_000, { state: 'failed', endedAt: now - 1_700 }),
    task(now - 58 * minute),
    task(now - 70 * minute),
  ]
  const buckets = bucketsOf(tasks, 'hour', now)
  expect(buckets).toHaveLength(30)
  expect(buckets.at(-1)).toEqual({
    at: now - 30_000,
    messages: 2,
    failed: 1,
    inputTokens: 10,
    outputTokens: 4,
    tookMs: 200,
    waitedMs: 10,
  })
  expect(buckets[0]).toMatchObject({ messages: 1 })
  expect(buckets[15]).toMatchObject({ messages: 0, tookMs: null })
  expect(buckets.reduce((sum, { messages }) => sum + messages, 0)).toBe(3)
})

test('takes the middle, and nothing of nothing', () => {
  expect([medianOf([9, 1, 4]), medianOf([1, 2]), medianOf([])]).toEqual([4, 1.5, null])
})

test('looks at the newest of each part alone, and at those that are done', () => {
  const at = (ms: number) => now - 30_000 + ms
  const tasks = [task(at(30)), task(at(20), { state: 'failed' }), task(at(10)), task(at(5)), task(at(-10 * minute))]
  expect(sampleOf(tasks, 'hour', 2).map(({ createdAt }) => createdAt)).toEqual([at(30), at(10), at(-10 * minute)])
})
