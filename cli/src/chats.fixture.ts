/** A service with everything to look at: chats in which sends arrive, are refused or hang in doubt; models that fail or wait. */
import { commandPlace, type Place, type Running } from './command.fixture.ts'

const plugin = `
  import { defineConnector, definePlugin, defineProvider, SendError } from 'asyncv'
  import { z } from 'zod'

  const account = 'chats:1'
  const said = [
    { conversation: 'good', text: 'What is 6 * 7?', name: 'Ada' },
    { conversation: 'blocked', text: '现在几点？', name: '小明' },
    { conversation: 'doubt', text: 'hi\\u001b]0;mine\\u0007 \\u001b[31mthere', name: 'Eve\\u001b[2J' },
  ]
  const connector = defineConnector({
    type: 'chats',
    options: z.strictObject({}),
    create: () => ({
      type: 'chats',
      supports: {
        textLimit: 10_000, edits: false, typing: false, streaming: null,
        pace: { perConversationMs: 0, perGroupPerMinute: 0, perSecond: 0, isGroup: () => false },
      },
      async start(host) {
        this.taken = this.takeIn(host)
        return { account }
      },
      async takeIn(host) {
        for (const [n, { conversation, text, name }] of said.entries()) {
          const inbound = { eventId: 'event-' + n, from: { account, conversation }, person: { id: String(n), name } }
          await host.accept({ type: 'message', ...inbound, parts: [{ type: 'text', text }] }, { account })
        }
      },
      async stop() {
        await this.taken
      },
      async send({ destination: { conversation } }) {
        if (conversation === 'blocked') throw new SendError({ type: 'refused', message: 'the person blocked us' })
        if (conversation === 'doubt') throw new SendError({ type: 'uncertain', message: 'the line was cut' })
        return { target: '1', at: Date.now() }
      },
    }),
  })
  const provider = defineProvider({
    type: 'moody',
    options: z.strictObject({}),
    create: () => ({
      async *stream({ model }, { signal }) {
        if (model === 'waits') await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
        else yield { type: 'error', error: { code: 'provider_denied', message: 'The key is wrong.', retryable: false } }
      },
    }),
  })
  export default definePlugin({ name: 'chats', connectors: [connector], providers: [provider] })
`

export interface ChatPlace {
  place: Place
  service: Running
}

export async function chatPlace(): Promise<ChatPlace> {
  const place = commandPlace()
  place.write('chats.ts', plugin)
  place.write('asyncv.config.json', {
    plugins: ['./chats.ts'],
    providers: { moody: { type: 'moody' } },
    connectors: { chats: { type: 'chats' } },
    routes: [{ connector: 'chats', agent: 'helper' }],
    agents: [
      { name: 'helper', model: 'offline/demo', tools: ['time', 'calculator'] },
      { name: 'broken', model: 'moody/fails' },
      { name: 'slow', model: 'moody/waits' },
    ],
    outbox: { onUncertain: 'hold' },
  })
  return { place, service: await place.start() }
}
