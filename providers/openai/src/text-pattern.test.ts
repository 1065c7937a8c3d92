import type { ModelEvent } from 'asyncv'
import { expect, test, vi } from 'vitest'
import { AnswerReader } from './events.ts'
import { TextPattern } from './text-pattern.ts'

const service = { name: 'model.test', redact: (text: string) => text }

/** What a reader says of a stream, and what readers say that see each chunk as their first. */
function readBothWays(chunks: readonly string[]): { together: ModelEvent[]; parsed: ModelEvent[] } {
  const together: ModelEvent[] = []
  const reader = new AnswerReader(service, 'key', (event) => together.push(event))
  const parsed: ModelEvent[] = []
  for (const chunk of chunks) {
    reader.readData(chunk)
    new AnswerReader(service, 'key', (event) => parsed.push(event)).readData(chunk)
  }
  return { together, parsed }
}

function chunk(content: string, more: object = {}): string {
  return JSON.stringify({ id: 'c-1', choices: [{ index: 0, delta: { content, ...more }, finish_reason: null }] })
}

test('reads the same as parsing, whatever the text', () => {
  const texts = [
    'Hi',
    ' there',
    '"',
    '\\',
    '\\"',
    'two\nlines',
    '\u0000',
    '東京 🌞',
    '\ud800',
    '","x":"',
    '?',
    'Hi',
    '\u2028',
  ]
  const { together, parsed } = readBothWays(texts.map((text) => chunk(text)))
  expect(together).toEqual(parsed)
  expect(together.map((event) => 'text' in event && event.text)).toEqual(texts)
})

test.each([
  [
    'the same text elsewhere before it',
    (text: string) => `{"content":"a","choices":[{"delta":{"content":"${text}"}}]}`,
  ],
  ['the key twice', (text: string) => `{"choices":[{"delta":{"content":"a","content":"${text}"}}]}`],
  [
    'the key twice, the other way round',
    (text: string) => `{"choices":[{"delta":{"content":"${text}","content":"a"}}]}`,
  ],
  ['a second choice', (text: string) => `{"choices":[{"delta":{"content":"a"}},{"delta":{"content":"${text}"}}]}`],
  ['spaces', (text: string) => `{ "choices": [ { "delta": { "role": "assistant", "content": "${text}" } } ] }`],
  ['a thought beside it', (text: string) => `{"choices":[{"delta":{"content":"${text}","reasoning":"hm"}}]}`],
  [
    'a count beside it',
    (text: string) => `{"choices":[{"delta":{"content":"${text}"}}],"usage":{"completion_tokens":1}}`,
  ],
  ['a call beside it', (text: string) => `{"choices":[{"delta":{"content":"${text}","tool_calls":[{"index":0}]}}]}`],
])('reads the same as parsing with %s', (_, toChunk) => {
  const { together, parsed } = readBothWays(['a', 'b', 'a', '\\u0041', 'c'].map(toChunk))
  expect(together).toEqual(parsed)
})

test('reads chunks that are not like the rest by parsing them', () => {
  const odd = [chunk('one', { role: 'assistant' }), chunk('two'), chunk('three', { reasoning: 'hm' }), chunk('four')]
  const { together, parsed } = readBothWays([...odd, '{"choices":[]}', chunk('five'), '{"error":{"message":"out"}}'])
  expect(together).toEqual(parsed)
})

test('parses no more than the first few chunks of a long answer, and stops learning where it never pays', () => {
  const parse = vi.spyOn(JSON, 'parse')
  const reader = new AnswerReader(service, 'key', () => {})
  for (let n = 0; n < 1_000; n++) reader.readData(chunk(`word ${n}`))
  expect(parse.mock.calls.length).toBeLessThan(5)
  parse.mockClear()
  const padded = new AnswerReader(service, 'key', () => {})
  for (let n = 0; n < 1_000; n++) padded.readData(chunk(`word ${n}`, { padding: String(n) }))
  expect(parse.mock.calls.length).toBeLessThan(1_000 + 5)
  parse.mockRestore()
})

test('knows nothing before it has learned', () => {
  expect(new TextPattern().textOf(chunk('Hi'))).toBeNull()
})
