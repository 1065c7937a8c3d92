import { describe, expect, test } from 'vitest'
import type { ModelMessage } from '../message.ts'
import type { ModelEvent, ModelRequest } from '../provider.ts'
import { providerContract } from '../testing/provider-contract.ts'
import { calculator } from './calculator.ts'
import { offline, type OfflineOptions } from './provider.ts'
import { time } from './time.ts'

const said = (text: string): ModelMessage => ({ role: 'user', parts: [{ type: 'text', text }] })

function request(...messages: ModelMessage[]): ModelRequest {
  return { model: 'demo', instructions: '', messages, tools: [time, calculator], maxOutputTokens: 1_000 }
}

async function events(
  asked: ModelRequest,
  { signal = new AbortController().signal, ...options }: OfflineOptions & { signal?: AbortSignal } = {},
): Promise<ModelEvent[]> {
  const all: ModelEvent[] = []
  for await (const event of offline(options).stream(asked, { signal, key: 't/1' })) all.push(event)
  return all
}

const textOf = (all: ModelEvent[]): string =>
  all.map((event) => (event.type === 'text.delta' ? event.text : '')).join('')
const callsOf = (all: ModelEvent[]): unknown[] =>
  all.flatMap((event) => (event.type === 'tool.call' ? [[event.name, event.args]] : []))

test('streams word by word and says that it is no model', async () => {
  const all = await events(request(said('hello there')))
  expect(all.filter(({ type }) => type === 'text.delta').length).toBeGreaterThan(10)
  expect(textOf(all)).toContain('hello there')
  expect(textOf(all)).toContain('This is the offline demo provider: no model is configured.')
  expect(all.at(-1)).toEqual({ type: 'finish', reason: 'stop' })
})

test('answers Chinese in Chinese', async () => {
  expect(textOf(await events(request(said('你好'))))).toMatch(/你说：“你好”.*离线演示/)
})

test('says the same to the same', async () => {
  const asked = request(said('hello'))
  expect(await events(asked)).toEqual(await events(asked))
})

test('calls both tools in one step when both are asked for', async () => {
  const all = await events(request(said('What time is it in Europe/Paris, and what is 6 * 7 and 1 + 1?')))
  expect(callsOf(all)).toEqual([
    ['time', { timeZone: 'Europe/Paris' }],
    ['calculator', { expression: '6 * 7' }],
    ['calculator', { expression: '1 + 1' }],
  ])
  expect(all.at(-1)).toEqual({ type: 'finish', reason: 'tool-calls' })
})

test('calls no tool that the agent has not', async () => {
  expect(callsOf(await events({ ...request(said('What is 6 * 7, and what time is it?')), tools: [] }))).toEqual([])
})

test('answers with what the tools said, errors too', async () => {
  const all = await events(
    request(
      said('6 * 7 and 1 / 0'),
      { role: 'assistant', parts: [{ type: 'tool-call', callId: 'a', name: 'calculator', args: {} }] },
      {
        role: 'tool',
        parts: [
          { type: 'tool-result', callId: 'a', result: '6 * 7 = 42' },
          { type: 'tool-result', callId: 'b', result: 'Division by zero.', isError: true },
        ],
      },
    ),
  )
  expect(textOf(all)).toMatch(/^6 \* 7 = 42\nThat did not work: Division by zero\.\n/)
})

test('ends at an abort', async () => {
  const leaving = new AbortController()
  setTimeout(() => leaving.abort(), 30)
  const all = await events(request(said('hello')), { wordDelayMs: 20, signal: leaving.signal })
  expect(all.length).toBeLessThan(4)
  expect(all.map(({ type }) => type)).not.toContain('finish')
})

describe('the provider contract', () => {
  // There is no service behind it that could say something else, break, or be waited for.
  const cannot = Object.fromEntries(
    ['answer', 'length', 'cut', 'unfinished', 'stall', 'silence', 'limited', 'quota', 'denied', 'refused', 'broken']
      .concat('unreachable', 'connection', 'timeouts')
      .map((need) => [need, 'no service behind it']),
  )
  const cases = providerContract(
    async ({ plays }) => ({
      // Some 20 words: more than a second.
      provider: offline({ wordDelayMs: plays === 'slow' ? 100 : 0 }),
      model: 'demo',
      calls: () => 0,
      brokenOff: () => 0,
      close: async () => {},
    }),
    { cannot },
  )
  for (const { name, run } of cases.filter(({ skip }) => skip === null)) test(name, run)
})
