import { expect, test } from 'vitest'
import { offline } from '../offline/provider.ts'
import type { ModelEvent, ModelRequest } from '../provider.ts'
import { providerContract, type Scene, type StagedProvider } from './provider-contract.ts'
import { scripted, type ScriptedReply } from './scripted.ts'

const request: ModelRequest = { model: 'any', instructions: '', messages: [], tools: [], maxOutputTokens: 10 }

async function drain(events: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const all: ModelEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

const call = { signal: new AbortController().signal, key: 'task/1' }

test('plays a list of replies, one a call, and then fails', async () => {
  const model = scripted(['One.', { text: ['T', 'wo.'] }])
  expect(await drain(model.stream(request, call))).toEqual([
    { type: 'text.delta', text: 'One.' },
    { type: 'finish', reason: 'stop' },
  ])
  expect(await drain(model.stream(request, call))).toHaveLength(3)
  expect(await drain(model.stream(request, call))).toMatchObject([
    { type: 'error', error: { code: 'provider_refused', message: 'The script has no reply for call 3.' } },
  ])
})

test('asks a function for each reply, and records what it was asked', async () => {
  const model = scripted((asked, n) => `${asked.model} ${n}`)
  await drain(model.stream(request, call))
  expect(await drain(model.stream({ ...request, model: 'other' }, call))).toContainEqual({
    type: 'text.delta',
    text: 'other 2',
  })
  expect(model.requests.map(({ model }) => model)).toEqual(['any', 'other'])
})

test('says nothing more once it is aborted', async () => {
  const controller = new AbortController()
  const said: ModelEvent[] = []
  const model = scripted([{ text: ['a', 'b'], delayMs: 5 }])
  for await (const event of model.stream(request, { signal: controller.signal, key: 'task/1' })) {
    said.push(event)
    controller.abort()
  }
  expect(said).toEqual([{ type: 'text.delta', text: 'a' }])
})

function replyFor(scene: Scene): ScriptedReply {
  switch (scene.plays) {
    case 'anything':
      return 'Hello.'
    case 'slow':
      return { text: Array.from({ length: 100 }, () => 'word '), delayMs: 50 }
    case 'answer':
      return scene
    case 'length':
      return { text: scene.text, reason: 'length' }
    case 'silence':
      return { delayMs: Number.POSITIVE_INFINITY }
    default:
      throw new Error(`"${scene.plays}" cannot be scripted.`)
  }
}

async function staged(provider: StagedProvider['provider'], calls: () => number): Promise<StagedProvider> {
  return { provider, model: 'any', calls, brokenOff: () => 0, close: async () => {} }
}

const noService = 'there is no service behind it that could fail'
const withoutService = {
  connection: noService,
  timeouts: noService,
  cut: noService,
  unfinished: noService,
  stall: noService,
  limited: noService,
  quota: noService,
  denied: noService,
  refused: noService,
  broken: noService,
  unreachable: noService,
}

const scriptedCases = providerContract(
  async (scene) => {
    const model = scripted(() => replyFor(scene))
    return staged(model, () => model.requests.length)
  },
  { cannot: withoutService },
)
const offlineCases = providerContract(
  async ({ plays }) => staged(offline({ wordDelayMs: plays === 'slow' ? 150 : 0 }), () => 0),
  {
    cannot: { ...withoutService, silence: noService, answer: 'it says what it likes', length: 'it says what it likes' },
  },
)

for (const { name, run, skip } of scriptedCases) if (skip === null) test(`scripted: ${name}`, run)
for (const { name, run, skip } of offlineCases) if (skip === null) test(`offline: ${name}`, run)
