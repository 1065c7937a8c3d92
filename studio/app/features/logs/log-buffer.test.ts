import { expect, test } from 'vitest'
import { LogBuffer } from './log-buffer.ts'
import type { LogLine } from './log-filter.ts'

const line = (n: number, more: Partial<LogLine> = {}): LogLine => ({
  id: `0a0a0a0a:${n}`,
  at: n,
  level: n % 2 === 0 ? 'info' : 'error',
  message: `line ${n}`,
  fields: {},
  ...more,
})

function filled(buffer: LogBuffer, from: number, to: number): void {
  for (let n = from; n <= to; n++) buffer.add(line(n))
  buffer.flush()
}

const messages = (buffer: LogBuffer) => buffer.get().rows.map((row) => row.line.message)

test('what comes while the view stands still is waiting, and all there afterwards', () => {
  const buffer = new LogBuffer()
  filled(buffer, 1, 2)
  buffer.pause(true)
  filled(buffer, 3, 5)
  expect(buffer.get()).toMatchObject({ paused: true, waiting: 3, held: 2 })
  buffer.pause(false)
  expect(messages(buffer)).toEqual([1, 2, 3, 4, 5].map((n) => `line ${n}`))
})

test('the oldest give way, a twentieth at once, and are counted; a pause of any length is bounded too', () => {
  const buffer = new LogBuffer(100)
  filled(buffer, 1, 101)
  expect(buffer.get()).toMatchObject({ held: 96, dropped: 5 })
  expect(messages(buffer)[0]).toBe('line 6')
  buffer.pause(true)
  filled(buffer, 102, 500)
  expect(buffer.get().waiting).toBeLessThanOrEqual(100)
  buffer.pause(false)
  const { held, dropped } = buffer.get()
  expect(held + dropped).toBe(500)
})

test('a filter holds for what is here and for what comes, and goes again', () => {
  const buffer = new LogBuffer()
  filled(buffer, 1, 4)
  buffer.look({ level: 'error', text: 'LINE' }, [])
  filled(buffer, 5, 6)
  expect(messages(buffer)).toEqual(['line 1', 'line 3', 'line 5'])
  buffer.look({}, [])
  expect(messages(buffer)).toHaveLength(6)
})

test('what the runtime found further back goes before, without what came anyway', () => {
  const buffer = new LogBuffer()
  const earlier = [line(1, { id: null, message: 'of the file' }), line(2), line(3)]
  buffer.look({}, earlier)
  expect(messages(buffer)).toHaveLength(3)
  filled(buffer, 3, 4)
  expect(messages(buffer)).toEqual(['of the file', 'line 2', 'line 3', 'line 4'])
})

test('a line keeps its number when it comes with the stream after it was found, and after a start of the runtime numbers go on', () => {
  const buffer = new LogBuffer()
  buffer.look({}, [line(7), line(8)])
  const found = buffer.get().rows.map(({ n }) => n)
  filled(buffer, 7, 8)
  expect(buffer.get().rows.map(({ n }) => n)).toEqual(found)
  buffer.add(line(9, { id: '0b0b0b0b:1' }))
  buffer.flush()
  const numbers = buffer.get().rows.map(({ n }) => n)
  expect(numbers).toEqual(numbers.toSorted((one, other) => one - other))
  expect(new Set(numbers).size).toBe(3)
})
