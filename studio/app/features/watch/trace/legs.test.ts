import { expect, test } from 'vitest'
import { madeDelivery, madeStep, madeTask } from '../made.fixture.ts'
import type { Delivery, Task, Timeline } from '../types.ts'
import { placeOfMessage, wayOf } from './legs.ts'

const task = (given: Partial<Task> = {}) => madeTask({ createdAt: 1_000, startedAt: 1_500, endedAt: 4_000, ...given })
const step = (n: number, startedAt: number, endedAt: number | null) => madeStep(n, 'model', startedAt, endedAt)
const delivery = (given: Partial<Delivery> = {}) => madeDelivery({ createdAt: 4_000, settledAt: 4_100, ...given })
const timeline = (tasks: Task[]): Timeline => ({
  message: { id: 'm', receivedAt: 1_000, task: 't' },
  dedupe: null,
  tasks,
  steps: [],
  deliveries: [],
  entries: [],
})

test('tells the way in order, with what was waited for and where nothing happened', () => {
  const way = wayOf(timeline([task()]), [delivery()], [step(1, 1_500, 2_000), step(2, 3_000, 4_000)], 9_000)
  expect(way.legs.map(({ kind, start, end }) => [kind, start, end])).toEqual([
    ['received', 1_000, 1_000],
    ['lane', 1_000, 1_500],
    ['started', 1_500, 1_500],
    ['step', 1_500, 2_000],
    ['own', 2_000, 3_000],
    ['step', 3_000, 4_000],
    ['ended', 4_000, 4_000],
    ['delivery', 4_000, 4_100],
  ])
  expect(way).toMatchObject({ totalMs: 3_100, isOver: true })
})

test('marks the leg that took longest, also while it goes on', () => {
  expect(wayOf(timeline([task()]), [], [step(1, 1_500, 1_600), step(2, 1_600, 4_000)], 9_000).slowest).toBe('step-2')
  const running = wayOf(timeline([task({ state: 'running', endedAt: null })]), [], [step(1, 1_500, null)], 9_000)
  expect(running).toMatchObject({ slowest: 'step-1', isOver: false, totalMs: 8_000 })
})

test('tells of what was begun and never finished, so that asyncv is not blamed for it', () => {
  const failed = wayOf(timeline([task({ state: 'failed' })]), [], [], 9_000)
  expect(failed.legs.map(({ kind }) => kind)).toEqual(['received', 'lane', 'started', 'unfinished', 'ended'])
  expect(failed.slowest).toBe('unfinished')
  const running = wayOf(timeline([task({ state: 'running', endedAt: null })]), [], [], 9_000)
  expect(running.legs.at(-1)).toMatchObject({ kind: 'unfinished', start: 1_500, end: null })
})

test('an answer that was shown while it was written is sent when it is ready, and its placeholder is not told of', () => {
  const kinds = (its: Task, sent: Delivery) => wayOf(timeline([its]), [sent], [], 9_000).legs.map(({ kind }) => kind)
  expect(kinds(task(), delivery({ createdAt: 2_000 })).slice(-2)).toEqual(['ended', 'delivery'])
  const running = task({ state: 'running', endedAt: null })
  expect(kinds(running, delivery({ createdAt: 2_000, body: [] }))).not.toContain('delivery')
})

test('a message that a running task took up does not tell what that did before', () => {
  const own = task({ id: 'mine', state: 'absorbed', into: 't', startedAt: null, endedAt: 1_200 })
  const way = wayOf(timeline([own, task({ startedAt: 500 })]), [], [step(1, 500, 900), step(2, 1_200, 4_000)], 9_000)
  expect(way.legs.map(({ kind }) => kind)).toEqual(['received', 'lane', 'absorbed', 'step', 'ended'])
})

test.each([
  ['waiting', task({ state: 'queued', startedAt: null, endedAt: null }), []],
  ['working', task({ state: 'running', endedAt: null }), []],
  ['sending', task(), [delivery({ state: 'retrying', settledAt: null })]],
  ['answered', task(), [delivery()]],
  ['answeredCaller', task(), []],
  ['failed', task({ state: 'failed' }), [delivery()]],
  ['stuck', task(), [delivery({ state: 'dead', settledAt: null })]],
] as const)('knows where a message is: %s', (place, its, deliveries) => {
  expect(placeOfMessage(timeline([its]), deliveries)).toBe(place)
})
