import type { StreamEvent } from 'asyncv'
import { expect, test } from 'vitest'
import { Spoken } from './spoken.ts'

const place = { task: 't', attempt: 1 }
const delta = (n: number, text: string): StreamEvent => ({ type: 'text.delta', ...place, n, text })
const snapshot = (n: number, text: string): StreamEvent => ({ type: 'text.snapshot', ...place, n, text })
const reset = (n: number): StreamEvent => ({ type: 'text.reset', ...place, n })
const finished = (text: string) => ({ type: 'task.finished', text }) as StreamEvent

function said(...events: StreamEvent[]): string {
  const spoken = new Spoken()
  return events.map((event) => spoken.take(event)).join('')
}

test('says what is written, once', () => {
  expect(said(delta(1, 'Hello'), delta(1, ' there'), finished('Hello there'))).toBe('Hello there')
  expect(said(snapshot(1, 'Hello'), delta(1, ' there'), finished('Hello there'))).toBe('Hello there')
})

test('says all of an answer of which nothing was heard, and the rest of one of which a part was', () => {
  expect(said(finished('Hello'))).toBe('Hello')
  expect(said(delta(1, 'Hel'), finished('Hello'))).toBe('Hello')
})

test('keeps the text of one model call apart from that of the next', () => {
  expect(said(delta(1, 'Let me see.'), delta(3, 'It is 42.'), finished('It is 42.'))).toBe('Let me see.\n\nIt is 42.')
  expect(said(delta(1, 'Let me see.'), finished('It is 42.'))).toBe('Let me see.\n\nIt is 42.')
})

test('a call that starts over says only what is new', () => {
  const again = [delta(1, 'Hello'), reset(1), delta(1, 'Hel'), delta(1, 'lo, you'), finished('Hello, you')]
  expect(said(...again)).toBe('Hello, you')
  expect(said(delta(1, 'Hello'), reset(1), delta(1, 'Well'), delta(1, '!'), finished('Well!'))).toBe('Hello\n\nWell!')
})
