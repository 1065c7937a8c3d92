import { expect, test } from 'vitest'
import { madeStep as step, madeTask } from '../made.fixture.ts'
import type { Task } from '../types.ts'
import { waterfallOf } from './waterfall-rows.ts'

const task = madeTask({ createdAt: 1_000, startedAt: 1_400, endedAt: 3_000 })

test('shows what was waited for, what was done, and where neither model nor tool ran', () => {
  const steps = [step(1, 'model', 1_400, 2_000), step(2, 'tool', 2_400, 2_600), step(3, 'model', 2_600, 3_000)]
  const { rows, slowest, ownMs } = waterfallOf(task, steps, [], 9_999)
  expect(rows.map(({ kind, start, end }) => [kind, start, end])).toEqual([
    ['wait', 1_000, 1_400],
    ['model', 1_400, 2_000],
    ['own', 2_000, 2_400],
    ['tool', 2_400, 2_600],
    ['model', 2_600, 3_000],
  ])
  expect(slowest).toBe('step-1')
  expect(ownMs).toBe(400)
})

test('what ran side by side counts once', () => {
  const steps = [step(1, 'tool', 1_400, 2_400), step(2, 'tool', 1_500, 2_900)]
  expect(waterfallOf(task, steps, [], 9_999).ownMs).toBe(100)
})

test('what is not over lasts until now', () => {
  const running: Task = { ...task, state: 'running', endedAt: null }
  const found = waterfallOf(running, [step(1, 'model', 1_400, null)], [], 5_000)
  expect(found.end).toBe(5_000)
  expect(found.slowest).toBe('step-1')
  expect(found.ownMs).toBeNull()
})

test('what was begun and has no step is a row of its own, while it goes on and when it failed', () => {
  const last = (given: Partial<Task>) =>
    waterfallOf({ ...task, ...given }, [step(1, 'model', 1_400, 2_000)], [], 5_000).rows.at(-1)
  expect(last({ state: 'running', endedAt: null })).toMatchObject({ kind: 'unfinished', start: 2_000, end: null })
  expect(last({ state: 'failed' })).toMatchObject({ kind: 'unfinished', start: 2_000, end: 3_000 })
  expect(last({ endedAt: 2_000 })).toMatchObject({ kind: 'model' })
})

test('a task that waits has waited until now, and has no other row', () => {
  const queued: Task = { ...task, state: 'queued', startedAt: null, endedAt: null }
  const { rows, end, slowest } = waterfallOf(queued, [], [], 7_000)
  expect(rows).toEqual([{ id: 'wait', kind: 'wait', name: null, start: 1_000, end: null }])
  expect({ end, slowest }).toEqual({ end: 7_000, slowest: null })
})
