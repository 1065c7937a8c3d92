import OpenAI from 'openai'
import { providerContract, type Scene, type StagedProvider } from 'asyncv/testing'
import { test } from 'vitest'
import { openai, type OpenaiOptions } from './index.ts'
import { errorBody, fakeModel, type Reply } from './testing/index.ts'

function replyFor(scene: Scene): Reply {
  switch (scene.plays) {
    case 'anything':
      return { text: 'Hello.' }
    case 'slow':
      return { chunks: Array.from({ length: 100 }, () => 'word '), chunkDelayMs: 50 }
    case 'answer': {
      const { text, toolCalls = [], usage } = scene
      return { chunks: text, toolCalls, ...(usage === undefined ? {} : { usage }) }
    }
    case 'length':
      return { chunks: scene.text, finishReason: 'length' }
    case 'cut':
      // After the text come the call's name and the first half of its arguments.
      return {
        chunks: scene.text,
        toolCalls: [scene.toolCall],
        fault: { type: 'cut', afterChunks: scene.text.length + 2 },
      }
    case 'unfinished':
      return { chunks: scene.text, fault: { type: 'close', afterChunks: scene.text.length } }
    case 'stall':
      return { chunks: scene.text, fault: { type: 'stall', afterChunks: scene.text.length } }
    case 'silence':
      return { delayMs: Number.POSITIVE_INFINITY }
    case 'limited': {
      const seconds = String(scene.retryAfterMs / 1_000)
      const body = errorBody('Rate limit reached.', 'requests', 'rate_limit_exceeded')
      return { status: 429, headers: { 'retry-after': seconds }, body }
    }
    case 'quota':
      return { status: 429, body: errorBody('You exceeded your quota.', 'insufficient_quota', 'insufficient_quota') }
    case 'denied':
      return { status: 401, body: errorBody('Incorrect API key provided.', 'invalid_request_error', 'invalid_api_key') }
    case 'refused':
      return { status: 400, body: errorBody(scene.message, 'invalid_request_error') }
    case 'broken':
      return { status: 503, body: errorBody('The server is overloaded.', 'server_error') }
    case 'unreachable':
      return {}
  }
}

/** Over undici, or through an official client. */
function contractOver(make: (options: OpenaiOptions) => StagedProvider['provider']) {
  return providerContract(async (scene) => {
    const service = await fakeModel({ reply: () => replyFor(scene) })
    if (scene.plays === 'unreachable') await service.close()
    const late = scene.plays === 'silence' || scene.plays === 'stall'
    return {
      provider: make({
        apiKey: 'sk-test-key',
        baseURL: service.url,
        ...(late ? { timeouts: { firstByteMs: 150, gapMs: 150 } } : {}),
      }),
      model: 'fake-model',
      calls: () => service.count,
      brokenOff: () => service.requests.filter(({ outcome }) => outcome === 'cut').length,
      close: () => (scene.plays === 'unreachable' ? Promise.resolve() : service.close()),
    }
  })
}

for (const { name, run } of contractOver(openai)) test(`over undici: ${name}`, run)

const overClient = ({ apiKey, baseURL, ...options }: OpenaiOptions) =>
  openai({ client: new OpenAI({ apiKey: String(apiKey), baseURL }), ...options })
for (const { name, run } of contractOver(overClient)) test(`over an official client: ${name}`, run)

const whole = (options: OpenaiOptions) => openai({ ...options, stream: false })
const onlyStreams = /slow|connection|aborted in the middle|stops in the middle|breaks|without a finish/
for (const { name, run } of contractOver(whole)) if (!onlyStreams.test(name)) test(`not streamed: ${name}`, run)
