import { expect, test } from 'vitest'
import { madeDelivery, madeMessage as message, madeTask } from '../made.fixture.ts'
import type { Task } from '../types.ts'
import { seenOf } from './transcript.ts'

const task = (id: string, given: Partial<Task>) =>
  madeTask({ id, reply: [{ type: 'text', text: 'yes' }], endedAt: 5, ...given })
const delivery = (id: string, createdAt: number, text = 'yes') =>
  madeDelivery({ id, createdAt, body: text === '' ? [] : [{ type: 'text', text }] })

test('tells messages and answers in the order in which they were seen', () => {
  const seen = seenOf([
    { message: message('m1', 1), task: task('t1', {}), deliveries: [delivery('d1', 9)] },
    { message: message('m2', 4), task: task('t2', { state: 'absorbed', into: 't1', reply: null }), deliveries: [] },
  ])
  expect(seen.map(({ id }) => id)).toEqual(['m1', 'm2', 'd1'])
})

test('an API caller saw the answer of the task, or that there is none', () => {
  const failed = task('t2', { state: 'failed', reply: null, endedAt: 7 })
  const seen = seenOf([
    { message: message('m1', 5), task: task('t1', {}), deliveries: [] },
    { message: message('m2', 6), task: failed, deliveries: [] },
  ])
  expect(seen.map(({ id, kind }) => `${id} ${kind}`)).toEqual(['m1 message', 't1 reply', 'm2 message', 't2 failed'])
})

test('within one millisecond a message comes before its answer, and that before the next message', () => {
  const seen = seenOf([
    { message: message('m1', 5), task: task('t1', {}), deliveries: [] },
    { message: message('m2', 5), task: task('t2', {}), deliveries: [] },
  ])
  expect(seen.map(({ id }) => id)).toEqual(['m1', 't1', 'm2', 't2'])
})

test('a placeholder that has no words yet was not seen', () => {
  const seen = seenOf([{ message: message('m1', 1), task: null, deliveries: [delivery('d1', 2, '')] }])
  expect(seen.map(({ id }) => id)).toEqual(['m1'])
})
