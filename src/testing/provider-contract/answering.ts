import assert from 'node:assert/strict'
import type { ProviderCase } from './staged.ts'
import { listen, requestFor, said, shown } from './listen.ts'

const pieces = ['It is ', 'sunny', ' in 東京', ' 🌞.']
const asked = [
  { name: 'weather', args: { city: 'Paris', days: [1, 2], note: 'a "quoted" word' } },
  { name: 'forecast', args: { city: 'Rome' } },
]

export const answering: Record<string, ProviderCase> = {
  'finishes an answer with its last event': {
    needs: ['anything'],
    scene: { plays: 'anything' },
    async run(staged) {
      const events = await listen(staged)
      assert.equal(events.at(-1)?.type, 'finish')
    },
  },
  'gives the text in its order, and finishes with stop': {
    needs: ['answer'],
    scene: { plays: 'answer', text: pieces },
    async run(staged) {
      const events = await listen(staged)
      assert.equal(said(events), pieces.join(''))
      assert.deepEqual(events.at(-1), { type: 'finish', reason: 'stop' })
    },
  },
  'gives tool calls whole, in their order, with parsed arguments': {
    needs: ['answer'],
    scene: { plays: 'answer', text: ['One moment.'], toolCalls: asked },
    async run(staged) {
      const events = await listen(staged)
      const calls = events.filter((event) => event.type === 'tool.call')
      assert.deepEqual(
        calls.map(({ name, args }) => ({ name, args })),
        asked,
      )
      assert.equal(new Set(calls.map(({ callId }) => callId)).size, asked.length, 'two calls have one id')
      assert.ok(
        calls.every(({ callId }) => callId !== ''),
        'a call has no id',
      )
      assert.equal(said(events), 'One moment.')
      assert.deepEqual(events.at(-1), { type: 'finish', reason: 'tool-calls' })
    },
  },
  'leaves arguments that are no JSON a string': {
    needs: ['answer'],
    scene: { plays: 'answer', text: [], toolCalls: [{ name: 'weather', args: 'Paris, please' }] },
    async run(staged) {
      const call = (await listen(staged)).find((event) => event.type === 'tool.call')
      assert.equal(call?.args, 'Paris, please')
    },
  },
  'tells the token counts once, before it finishes': {
    needs: ['answer'],
    scene: { plays: 'answer', text: ['Sunny.'], usage: { inputTokens: 11, outputTokens: 3 } },
    async run(staged) {
      const usage = (await listen(staged)).filter((event) => event.type === 'usage')
      assert.deepEqual(
        usage.map(({ inputTokens, outputTokens }) => ({ inputTokens, outputTokens })),
        [{ inputTokens: 11, outputTokens: 3 }],
      )
    },
  },
  'says so when the limit on output tokens ended the answer': {
    needs: ['length'],
    scene: { plays: 'length', text: ['It is '] },
    async run(staged) {
      const events = await listen(staged)
      assert.equal(said(events), 'It is ')
      assert.deepEqual(events.at(-1), { type: 'finish', reason: 'length' })
    },
  },
  'keeps calls that are made at once apart': {
    needs: ['answer'],
    scene: { plays: 'answer', text: pieces },
    async run(staged) {
      const all = await Promise.all(Array.from({ length: 8 }, () => listen(staged)))
      assert.deepEqual(new Set(all.map(said)), new Set([pieces.join('')]))
      assert.equal(staged.calls(), 8)
    },
  },
  'does not change the request': {
    needs: ['anything'],
    scene: { plays: 'anything' },
    async run(staged) {
      const request = deepFreeze(requestFor(staged))
      const events = []
      const signal = new AbortController().signal
      for await (const event of staged.provider.stream(request, { signal, key: 'task-1/1' })) events.push(event)
      assert.equal(events.at(-1)?.type, 'finish', shown(events))
    },
  },
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}
