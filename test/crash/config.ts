/**
 * The configuration that the killed process runs with: a bot and an agent whose platform, model and tools are the test's
 * own servers. Bundled, and loaded by the real command like anybody's configuration.
 */
import { openaiProvider } from '@asyncv/openai'
import { telegramConnector } from '@asyncv/telegram'
import { defineConfig, defineTool } from 'asyncv'
import { z } from 'zod'

const { WORLD_MODEL = '', WORLD_TELEGRAM = '', WORLD_TOKEN = '', WORLD_LEDGER = '' } = process.env

async function ledger(path: string, method = 'POST'): Promise<unknown> {
  const response = await fetch(`${WORLD_LEDGER}${path}`, { method })
  return response.json()
}

const book = defineTool({
  name: 'book',
  description: 'Books a seat, once',
  input: z.object({ seat: z.string() }),
  effect: 'once',
  run: ({ input, key }) => ledger(`/book/${encodeURIComponent(key)}?seat=${input.seat}`),
  reconcile: async ({ key }) => {
    const found = (await ledger(`/book/${encodeURIComponent(key)}`, 'GET')) as { seat: string | null }
    return found.seat === null ? { state: 'not-done' } : { state: 'done', result: found }
  },
})

const look = defineTool({
  name: 'look',
  description: 'Looks at the seats; takes a while',
  input: z.object({ seat: z.string() }),
  effect: 'read',
  run: ({ input }) => ledger(`/look?seat=${input.seat}`),
})

export default defineConfig({
  providers: {
    main: { type: openaiProvider.type, options: { baseURL: WORLD_MODEL, apiKey: 'test' } },
  },
  connectors: {
    tg: {
      type: telegramConnector.type,
      options: {
        token: WORLD_TOKEN,
        apiRoot: WORLD_TELEGRAM,
        allow: 'everyone',
        limits: { perChatMs: 0, perGroupPerMinute: 0, perSecond: 0 },
        placeholderAfterMs: 120,
      },
    },
  },
  agents: [{ name: 'helper', model: 'main/test', instructions: 'Answer.', tools: [book, look] }],
  routes: [{ connector: 'tg', agent: 'helper' }],
  modelCalls: { backoffMs: 20, maxBackoffMs: 100 },
  outbox: { backoffMs: 20, maxBackoffMs: 200 },
})
