/** asyncv as shipped: SQLite on disk, the OpenAI provider, the Telegram connector's own way of sending. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openai } from '@asyncv/openai'
import { telegram } from '@asyncv/telegram'
import { type Connector, type ConnectorHost, createAsyncv } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import type { Contender, Services } from './measure.ts'

export async function shipped({ modelUrl, telegramUrl, token }: Services): Promise<Contender> {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-bench-'))
  const bot = telegram({
    token,
    apiRoot: telegramUrl,
    allow: 'everyone',
    limits: { perChatMs: 0, perGroupPerMinute: 0, perSecond: 0 },
  })
  // What the poll would bring is brought by the bench; everything from there on is the connector's.
  const account = `tg:${token.split(':')[0]}`
  const waiting = new Map<string, () => void>()
  let host: ConnectorHost | null = null
  const driven: Connector = {
    type: bot.type,
    supports: bot.supports,
    async start(given) {
      host = given
      return { account }
    },
    stop: async () => {},
    async send(operation, call) {
      const receipt = await bot.send(operation, call)
      if (operation.type === 'post') waiting.get(operation.destination.conversation)?.()
      return receipt
    },
    close: async () => bot.close?.(),
  }
  const asyncv = createAsyncv({
    storage: sqlite(join(folder, 'asyncv.db')),
    providers: { main: openai({ baseURL: modelUrl, apiKey: 'test' }) },
    connectors: { tg: driven },
    // Bare code sends no history, so neither do we: the calls are to be the same.
    agents: [{ name: 'helper', model: 'main/bench', instructions: 'Be brief.', limits: { historyTokens: 0 } }],
  })
  await asyncv.start()
  let eventId = 0
  return {
    async handle(session, text) {
      const conversation = String(session + 1)
      const sent = new Promise<void>((resolve) => waiting.set(conversation, resolve))
      await host?.accept(
        {
          type: 'message',
          eventId: String(++eventId),
          from: { account, conversation },
          person: { id: conversation },
          parts: [{ type: 'text', text }],
        },
        { account },
      )
      await sent
    },
    commits: async () => (await asyncv.stats()).commits.commits,
    async close() {
      await asyncv.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
