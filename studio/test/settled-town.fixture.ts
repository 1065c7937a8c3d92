import { createServer as createReceiver } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openaiProvider, openai } from '@asyncv/openai'
import { createServer, LogBook } from '@asyncv/server'
import { telegramConnector } from '@asyncv/telegram'
import { type FakeTelegram, fakeTelegram } from '@asyncv/telegram/testing'
import { type Asyncv, createAsyncv, createVault } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import type { StudioOptions } from '../src/options.ts'
import { haveConversations, hostile, openWatched, until } from './conversations.fixture.ts'
import type { Workplace } from './runtime.fixture.ts'

export interface SettledTown extends Workplace {
  /** What the addresses of pages need. */
  at: {
    invitation: string
    session: string
    task: string
    failedTask: string
    message: string
    delivery: string
    webhook: string
  }
}

/**
 * A place where people have worked for a while, so that no page is empty: two runtimes, of which the second has refused a
 * release; agents with versions, one deleted, drafts; conversations with what goes wrong in them; logs, webhooks, users.
 */
export async function openSettledTown(options: Partial<StudioOptions> = {}): Promise<SettledTown> {
  const logs = new LogBook()
  writeLogs(logs)
  const town = await openWatched({
    logs,
    runtime: { prices: { 'main/fake-model': { input: 1_000, output: 2_000 } } },
    options: { lookEveryMs: 200, allowPrivateWebhooks: true, ...options },
  })
  const receiver = createReceiver((_, response) => void response.writeHead(204).end())
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const staging = await connectStaging(town)
  const chats = await fakeTelegram({ token: '4444:fake-token-of-the-shop', username: 'tea_shop_bot' })
  const webhook = await asked(town, 'POST', '/api/webhooks', {
    url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/releases`,
    events: ['release.published', 'release.applied', 'release.refused', 'release.drifted'],
  })
  await haveItems(town, staging, chats)
  await haveReleases(town, staging)
  await haveDrafts(town)
  await haveConversations(town)
  // One that works and is not done, and one that waits for it.
  for (const text of ['hang on', 'And after that?']) {
    void town.asyncv.send({ agent: 'support', session: 'user-7', text }).catch(() => null)
  }
  await until(async () => (await town.asyncv.tasks({ state: 'running' })).data[0])
  const invited = await asked(town, 'POST', '/api/users', {
    ...{ login: 'linus', name: 'Linus Torvalds-Wettergren', role: 'editor' },
  })
  return {
    ...town,
    at: {
      ...(await happenings(town)),
      invitation: (await asked(town, 'POST', `/api/users/${invited.id}/invitation`)).link,
      webhook: webhook.id,
    },
    async close() {
      await town.close()
      await staging.close()
      await chats.close()
      await new Promise((resolve) => receiver.close(resolve))
    },
  }
}

async function asked({ api }: Workplace, method: string, path: string, body?: object) {
  const answer = await api.ask(method, path, body)
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

interface Staging {
  asyncv: Asyncv
  lose(): Promise<void>
  bringBack(): Promise<void>
  close(): Promise<void>
}

/** A second runtime, which has no tools of its own. */
async function connectStaging(town: Workplace): Promise<Staging> {
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    vault: createVault({ key: Buffer.alloc(32, 8) }),
    definitions: async () => [openaiProvider, telegramConnector],
    providers: { main: openai({ baseURL: town.model.url }) },
    agents: [{ name: 'assistant', model: 'main/fake-model' }],
    releases: { trust: town.trust },
  })
  await asyncv.start()
  const server = createServer(asyncv)
  const [runtime, first] = await Promise.all([
    server.listen({ host: '127.0.0.1', port: 0 }),
    server.management.listen(0),
  ])
  const port = Number(new URL(first.url).port)
  let management = first
  const scopes = ['invoke', 'read', 'operate', 'configure'] as const
  const { key } = await asyncv.keys.create({ name: 'studio', scopes, space: '*' })
  await asked(town, 'POST', '/api/runtimes', { name: 'staging', url: runtime.url, managementUrl: first.url, key })
  const lose = (): Promise<void> => management.close({ graceMs: 0 })
  return {
    asyncv,
    lose,
    async bringBack() {
      management = await server.management.listen(port)
    },
    async close() {
      await Promise.all([runtime.close({ graceMs: 0 }), lose()])
      await asyncv.stop({ drainMs: 0 })
    },
  }
}

const instructions = `# Role

You answer customers of a shop for tea in a chat, briefly and kindly.

# What you never do

- Promise refunds, dates or prices.
- Ask for passwords.
`

const agent = (name: string, text: string, more: object = {}) => ({
  ...{ name, model: 'main/fake-model', instructions: text },
  ...more,
})

async function haveItems(town: Workplace, staging: Staging, { url, token }: FakeTelegram): Promise<void> {
  for (const { asyncv } of [town, staging]) {
    await asyncv.secrets.put({ name: 'SHOP_TOKEN', value: token, origins: [url] })
    await asyncv.secrets.put({ name: 'SHOP_HOOK', value: 'secret-of-the-webhook', origins: [url] })
  }
  await town.create('provider', 'second', { type: 'openai', options: { baseURL: town.model.url } })
  await town.create('connector', 'shop', {
    type: 'telegram',
    options: {
      token: { $secret: 'SHOP_TOKEN' },
      apiRoot: url,
      allow: [77, 78],
      // Of two that poll, Telegram serves one.
      webhook: { url: 'https://shop.example/connectors/shop', secretToken: { $secret: 'SHOP_HOOK' } },
    },
  })
  await town.create('agent', 'tea-shop', agent('tea-shop', 'You sell tea.'))
  await town.create(
    'agent',
    'translator',
    agent('translator', 'You translate.', { model: ['second/large-model', 'main/fake-model'] }),
  )
  await town.create('agent', 'the-agent-with-the-longest-name-that-anybody-could-think-of-2026', {
    ...agent('the-agent-with-the-longest-name-that-anybody-could-think-of-2026', 'You have a name.'),
  })
  await town.create('agent', 'retired', agent('retired', 'You are retired.'))
  await town.create('route', 'shop', { connector: 'shop', agent: 'tea-shop' })
}

/** Saves an agent anew over its newest version. */
async function save(town: Workplace, content: { name: string }, reason?: string): Promise<void> {
  const path = `/api/items/agent/${content.name}`
  const { version } = await asked(town, 'GET', path)
  await asked(town, 'PUT', path, { base: version, content, ...(reason ? { reason } : {}) })
}

/** The first is on both; the second is refused by staging, which was away and lacks a tool; the third has it on both again. */
async function haveReleases(town: Workplace, staging: Staging): Promise<void> {
  const publish = async (summary: string): Promise<number> =>
    (await asked(town, 'POST', '/api/releases', { items: 'all', summary })).release.n
  const settled = (n: number) =>
    until(async () => {
      const { targets } = await asked(town, 'GET', `/api/releases/${n}`)
      return targets.some(({ state }: { state: string }) => state === 'pending') ? undefined : n
    })
  await settled(await publish('What we begin with'))
  await save(town, agent('tea-shop', instructions, { tools: ['weather'] }), 'Says what it never does')
  await save(town, agent('translator', 'You translate into Chinese.'))
  await staging.lose()
  const second = await publish('The shop knows the weather, and the translator only knows one language any more')
  await staging.bringBack()
  await settled(second)
  await save(town, agent('tea-shop', `${instructions}- Talk about the weather.\n`), 'Staging has no weather')
  await settled(await publish('Without the weather'))
}

/** What is saved and not published: changed, new and deleted. */
async function haveDrafts(town: Workplace): Promise<void> {
  await save(
    town,
    agent('tea-shop', `${instructions}- Talk about coffee.\n`, { limits: { modelCalls: 12 } }),
    'No coffee',
  )
  await town.create('agent', 'poet', agent('poet', `You write poems, and not: ${hostile}`))
  await asked(town, 'DELETE', '/api/items/agent/retired?base=1')
}

/** Ids of what `haveConversations` made. */
async function happenings({ asyncv }: Workplace) {
  const tasks = (await asyncv.tasks({ limit: 100, order: 'oldest' })).data
  const session = (await asyncv.sessions()).data.find(({ address }) => address.includes(':77:'))?.id ?? ''
  return {
    session,
    task: tasks[0]?.id ?? '',
    failedTask: tasks.find(({ state }) => state === 'failed')?.id ?? '',
    message: (await asyncv.messages(session)).data[0]?.id ?? '',
    delivery: (await asyncv.deliveries({ state: 'dead' })).data[0]?.id ?? '',
  }
}

function writeLogs(logs: LogBook): void {
  const time = Date.now() - 60_000
  const lines = [
    { level: 30, msg: 'connected', connector: 'code-tg', account: 'tg:1' },
    { level: 20, msg: 'a request was answered', requestId: 'req-7', ms: 12 },
    { level: 40, msg: `said ${hostile}`, task: 'task-1', session: 'session-1' },
    { level: 50, msg: 'a request failed', requestId: 'req-8', error: { message: 'No such table: a'.padEnd(300, 'b') } },
  ]
  for (const [at, line] of lines.entries()) logs.write(`${JSON.stringify({ time: time + at * 1_000, ...line })}\n`)
}
