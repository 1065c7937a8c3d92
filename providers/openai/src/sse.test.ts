import { expect, test } from 'vitest'
import { maxEventBytes, SseReader } from './sse.ts'

function read(pieces: Uint8Array[]): string[] {
  const all: string[] = []
  const reader = new SseReader((data) => all.push(data))
  for (const piece of pieces) reader.push(Buffer.from(piece))
  reader.end()
  return all
}

/** A stream with everything in it that the standard allows and services send. */
const recorded = Buffer.from(
  [
    '\ufeffdata: after a byte order mark\n\n',
    ': a comment\r\n\r\n',
    'data: {"choices":[{"delta":{"content":"東京 🌞"}}]}\r\n\r\n',
    'event: message\nid: 7\nretry: 10\ndata:no space\n\n',
    'data: first\ndata: second\n\n',
    'data\n\n',
    ':\n\n\n\n',
    'datatype: not data\n\n',
    'data:  one space more\n\n',
    'data: [DONE]',
  ].join(''),
)

const expected = [
  'after a byte order mark',
  '{"choices":[{"delta":{"content":"東京 🌞"}}]}',
  'no space',
  'first\nsecond',
  '',
  ' one space more',
  '[DONE]',
]

test('reads comments, CRLF, fields, several data lines and a byte order mark as the standard says', () => {
  expect(read([recorded])).toEqual(expected)
})

test('gives the same events wherever a stream is split in two', () => {
  for (let at = 0; at <= recorded.length; at++) {
    expect(read([recorded.subarray(0, at), recorded.subarray(at)]), `split at byte ${at}`).toEqual(expected)
  }
})

test('gives the same events when every byte comes alone', () => {
  expect(read([...recorded].map((byte) => Uint8Array.of(byte)))).toEqual(expected)
})

test('refuses a line without an end once it is too long to keep', () => {
  const reader = new SseReader(() => {})
  const piece = Buffer.alloc(maxEventBytes / 4, 'x')
  for (let n = 0; n < 4; n++) reader.push(piece)
  expect(() => reader.push(piece)).toThrow(RangeError)
})

test('refuses an event of many lines once it is too long to keep', () => {
  const reader = new SseReader(() => {})
  const line = Buffer.from(`data: ${'x'.repeat(maxEventBytes / 4)}\n`)
  for (let n = 0; n < 3; n++) reader.push(line)
  expect(() => reader.push(line)).toThrow(RangeError)
})

test('reads a big line that comes in many pieces in time that grows with its length', () => {
  const big = Buffer.from(`data: ${'x'.repeat(maxEventBytes / 2)}\n\n`)
  const pieces: Buffer[] = []
  for (let at = 0; at < big.length; at += 1_024) pieces.push(big.subarray(at, at + 1_024))
  const startedAt = performance.now()
  expect(read(pieces)[0]).toHaveLength(maxEventBytes / 2)
  // Joining what is there with every piece would take some seconds.
  expect(performance.now() - startedAt).toBeLessThan(1_000)
})
