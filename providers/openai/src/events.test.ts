import type { ModelEvent } from 'asyncv'
import { expect, test } from 'vitest'
import { AnswerReader } from './events.ts'
import { SseReader } from './sse.ts'

const service = { name: 'model.test', redact: (text: string) => text }

function readStream(...chunks: unknown[]): ModelEvent[] {
  const events: ModelEvent[] = []
  const reader = new AnswerReader(service, 'task-1/2', (event) => events.push(event))
  for (const chunk of chunks) reader.readData(typeof chunk === 'string' ? chunk : JSON.stringify(chunk))
  reader.end()
  return events
}

const delta = (delta: unknown, finishReason: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason: finishReason }],
})
const finish = (reason: string) => ({ type: 'finish', reason })
const called = (callId: string, name: string, args: unknown) => ({ type: 'tool.call', callId, name, args })
const text = (text: string) => ({ type: 'text.delta', text })

test('takes an answer without finish reason and without [DONE] for truncated', () => {
  expect(readStream(delta({ content: 'Half' })).at(-1)).toMatchObject({
    type: 'error',
    error: { code: 'provider_truncated', retryable: true },
  })
})

test('takes [DONE] alone for complete', () => {
  expect(readStream(delta({ content: 'Hi' }), '[DONE]')).toEqual([text('Hi'), finish('stop')])
})

test('takes a finish reason alone for complete', () => {
  expect(readStream(delta({ content: 'Hi' }, 'stop'))).toEqual([text('Hi'), finish('stop')])
})

test('takes [DONE] after whole calls for tool calls, and after half a call for truncated', () => {
  const call = (args: string) =>
    delta({ tool_calls: [{ index: 0, id: 'c', function: { name: 't', arguments: args } }] })
  expect(readStream(call('{"a":1}'), '[DONE]')).toEqual([called('c', 't', { a: 1 }), finish('tool-calls')])
  expect(readStream(call('{"a":'), '[DONE]')).toMatchObject([{ type: 'error', error: { code: 'provider_truncated' } }])
})

test('puts calls together by index, however their pieces alternate', () => {
  const events = readStream(
    delta({
      role: 'assistant',
      content: null,
      tool_calls: [{ index: 0, id: 'a', function: { name: 'one', arguments: '' } }],
    }),
    delta({ tool_calls: [{ index: 1, id: 'b', function: { name: 'two', arguments: '{"x"' } }] }),
    delta({ tool_calls: [{ index: 0, function: { arguments: '{"y":' } }] }),
    delta({
      tool_calls: [
        { index: 1, function: { arguments: ':1}' } },
        { index: 0, function: { arguments: '2}' } },
      ],
    }),
    delta({}, 'tool_calls'),
    '[DONE]',
  )
  expect(events).toEqual([called('a', 'one', { y: 2 }), called('b', 'two', { x: 1 }), finish('tool-calls')])
})

test.each([
  [
    'no index, a call whole in each delta',
    [{ id: 'a', function: { name: 'one', arguments: '{}' } }],
    [{ id: 'b', function: { name: 'two', arguments: '{}' } }],
  ],
  [
    'every index 0',
    [{ index: 0, id: 'a', function: { name: 'one', arguments: '{}' } }],
    [{ index: 0, id: 'b', function: { name: 'two', arguments: '{}' } }],
  ],
  [
    'arguments that are objects',
    [{ index: 0, id: 'a', function: { name: 'one', arguments: {} } }],
    [{ index: 1, id: 'b', function: { name: 'two', arguments: {} } }],
  ],
  [
    'the id again in later deltas',
    [
      { index: 0, id: 'a', function: { name: 'one', arguments: '{' } },
      { index: 0, id: 'a', function: { arguments: '}' } },
    ],
    [{ index: 1, id: 'b', function: { name: 'two' } }],
  ],
  [
    'no index, and arguments that follow',
    [{ id: 'a', function: { name: 'one', arguments: '{' } }, { function: { arguments: '}' } }],
    [{ id: 'b', function: { name: 'two' } }],
  ],
])('tells two calls apart with %s', (_, first, second) => {
  expect(readStream(delta({ tool_calls: first }), delta({ tool_calls: second }), delta({}, 'stop'))).toEqual([
    called('a', 'one', {}),
    called('b', 'two', {}),
    finish('tool-calls'),
  ])
})

test('gives calls without an id one of their own', () => {
  const nameless = { function: { name: 't', arguments: '{}' } }
  const events = readStream(delta({ tool_calls: [nameless, nameless] }), delta({}, 'tool_calls'))
  const ids = events.flatMap((event) => (event.type === 'tool.call' ? [event.callId] : []))
  expect(new Set(ids).size).toBe(2)
  // OpenAI takes no longer ones.
  expect(ids.every((id) => id.length <= 40)).toBe(true)
  expect(events.at(-1)).toEqual(finish('tool-calls'))
})

test('leaves out calls of an answer that was stopped in the middle', () => {
  const call = { index: 0, id: 'a', function: { name: 't', arguments: '{"a' } }
  expect(readStream(delta({ tool_calls: [call] }), delta({}, 'length'))).toEqual([finish('length')])
  expect(readStream(delta({}, 'content_filter'))).toEqual([finish('filtered')])
})

test('keeps arguments that are no JSON a string', () => {
  const call = { index: 0, id: 'a', function: { name: 't', arguments: 'Paris' } }
  expect(readStream(delta({ tool_calls: [call] }, 'tool_calls'))[0]).toEqual(called('a', 't', 'Paris'))
})

test.each(['reasoning_content', 'reasoning'])('gives %s as reasoning', (field) => {
  expect(readStream(delta({ [field]: 'Hm.', content: null }), delta({ content: 'Yes' }, 'stop'))).toEqual([
    { type: 'reasoning.delta', text: 'Hm.' },
    text('Yes'),
    finish('stop'),
  ])
})

test.each([
  ['alone in the last chunk', [delta({}, 'stop'), { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } }]],
  ['with the last choice', [{ ...delta({}, 'stop'), usage: { prompt_tokens: 3, completion_tokens: 2 } }]],
  [
    'counted up in every chunk',
    [
      { ...delta({ content: '' }), usage: { prompt_tokens: 3, completion_tokens: 1 } },
      { ...delta({}, 'stop'), usage: { prompt_tokens: 3, completion_tokens: 2 } },
    ],
  ],
])('tells usage once when it comes %s', (_, chunks) => {
  expect(readStream(...chunks, '[DONE]')).toEqual([{ type: 'usage', inputTokens: 3, outputTokens: 2 }, finish('stop')])
})

test('tells how much of the prompt was cached', () => {
  const usage = { prompt_tokens: 9, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 8 } }
  expect(readStream({ ...delta({}, 'stop'), usage })[0]).toEqual({
    type: 'usage',
    inputTokens: 9,
    outputTokens: 2,
    cachedTokens: 8,
  })
})

test('passes over chunks that say nothing it knows', () => {
  const legacy = delta({ function_call: { name: 'old', arguments: '{}' } })
  const strange = [
    {},
    { choices: null },
    { choices: [null] },
    { choices: [{ delta: null }] },
    delta({ content: 7, tool_calls: [null] }),
  ]
  expect(readStream(...strange, legacy, delta({ content: 'Hi' }, 'stop'))).toEqual([text('Hi'), finish('stop')])
})

test.each([
  ['an error object', { error: { message: 'boom', type: 'server_error' } }, 'provider_unavailable', true],
  ['an error text', { error: 'boom' }, 'provider_unavailable', true],
  ['an error that says object: error', { object: 'error', message: 'boom' }, 'provider_unavailable', true],
  ['a status as code', { error: { message: 'boom', code: 401 } }, 'provider_denied', false],
  ['a rate limit', { error: { message: 'boom', code: 'rate_limit_exceeded' } }, 'provider_limited', true],
  ['an empty account', { error: { message: 'boom', code: 'insufficient_quota' } }, 'provider_quota', false],
])('ends with %s that comes inside the stream', (_, chunk, code, retryable) => {
  const events = readStream(delta({ content: 'Half' }), chunk, delta({}, 'stop'), '[DONE]')
  expect(events).toMatchObject([text('Half'), { type: 'error', error: { code, retryable } }])
  expect(events[1]).toHaveProperty('error.message', expect.stringContaining('boom'))
})

test('ends with an error at a chunk that is no JSON, and reads no further', () => {
  const events = readStream('{"choices":[{"del', delta({ content: 'Hi' }, 'stop'))
  expect(events).toMatchObject([{ type: 'error', error: { code: 'provider_unavailable', retryable: true } }])
})

test('takes a last chunk that is cut for truncated, not for garbage', () => {
  const events: ModelEvent[] = []
  const reader = new AnswerReader(service, 'k', (event) => events.push(event))
  reader.expectRest()
  reader.readData('{"choices":[{"del')
  reader.end()
  expect(events).toMatchObject([{ type: 'error', error: { code: 'provider_truncated' } }])
})

test('does not fail an answer that had finished when its connection breaks', () => {
  const events: ModelEvent[] = []
  const reader = new AnswerReader(service, 'k', (event) => events.push(event))
  reader.readData(JSON.stringify(delta({ content: 'Hi' }, 'stop')))
  reader.end({ code: 'provider_unavailable', message: 'cut', retryable: true })
  expect(events).toEqual([text('Hi'), finish('stop')])
})

test('reads a whole answer as a stream of one delta', () => {
  const events: ModelEvent[] = []
  const reader = new AnswerReader(service, 'k', (event) => events.push(event))
  const message = {
    role: 'assistant',
    content: 'Hi',
    tool_calls: [{ id: 'a', function: { name: 't', arguments: '' } }],
  }
  const usage = { prompt_tokens: 1, completion_tokens: 2 }
  reader.readWhole(JSON.stringify({ choices: [{ message, finish_reason: 'tool_calls' }], usage }))
  expect(events).toEqual([
    text('Hi'),
    called('a', 't', {}),
    { type: 'usage', inputTokens: 1, outputTokens: 2 },
    finish('tool-calls'),
  ])
})

test('gives the same events wherever a recorded stream is split', () => {
  const frames = [
    delta({ role: 'assistant', content: '' }),
    delta({ reasoning_content: '考える…' }),
    delta({ content: 'It is 🌞 in 東京.' }),
    delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'one', arguments: '{"c":"Zü' } }] }),
    delta({ tool_calls: [{ index: 0, function: { arguments: 'rich"}' } }] }),
    delta({}, 'tool_calls'),
    { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } },
  ]
  const recorded = Buffer.from(
    `${frames.map((frame) => `data: ${JSON.stringify(frame)}\r\n\r\n`).join('')}data: [DONE]\r\n\r\n`,
  )
  const readBytes = (...pieces: Buffer[]): ModelEvent[] => {
    const events: ModelEvent[] = []
    const answer = new AnswerReader(service, 'k', (event) => events.push(event))
    const sse = new SseReader((data) => answer.readData(data))
    for (const piece of pieces) sse.push(piece)
    sse.end()
    answer.end()
    return events
  }
  const whole = readBytes(recorded)
  expect(whole).toHaveLength(5)
  for (let at = 1; at < recorded.length; at++) {
    expect(readBytes(recorded.subarray(0, at), recorded.subarray(at)), `split at byte ${at}`).toEqual(whole)
  }
})
