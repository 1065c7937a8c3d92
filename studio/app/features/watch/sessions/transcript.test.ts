import { expect, test } from 'vitest'
import type { Delivery, Message, Task } from '../types.ts'
import { seenOf } from './transcript.ts'

const message = (id: string, receivedAt: number): Message => ({
  id,
  session: 's',
  seq: 1,
  parts: [{ type: 'text', text: id }],
  task: `task-${id}`,
  person: null,
  receivedAt,
})
const task = (id: string, given: Partial<Task>): Task => ({
  id,
  session: 's',
  agent: 'a',
  space: 'default',
  state: 'done',
  into: null,
  attempt: 1,
  crashes: 0,
  reply: [{ type: 'text', text: 'yes' }],
  error: null,
  usage: { inputTokens: 0, outputTokens: 0 },
  createdAt: 0,
  startedAt: 0,
  endedAt: 5,
  ...given,
})
const delivery = (id: string, createdAt: number, text = 'yes'): Delivery => ({
  id,
  key: id,
  task: 't',
  message: null,
  part: 0,
  kind: 'answer',
  destination: 'tg:1:2:-',
  seq: 1,
  target: null,
  body: text === '' ? [] : [{ type: 'text', text }],
  state: 'sent',
  attempt: 1,
  nextAt: null,
  uncertainCount: 0,
  error: null,
  createdAt,
  retriedAt: null,
  settledAt: null,
})

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

test('a placeholder that has no words yet was not seen', () => {
  const seen = seenOf([{ message: message('m1', 1), task: null, deliveries: [delivery('d1', 2, '')] }])
  expect(seen.map(({ id }) => id)).toEqual(['m1'])
})
