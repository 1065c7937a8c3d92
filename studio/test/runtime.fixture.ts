import { join } from 'node:path'
import { openaiProvider, openai } from '@asyncv/openai'
import { type FakeModel, type FakeModelOptions, fakeModel } from '@asyncv/openai/testing'
import { createServer, type LogBook } from '@asyncv/server'
import { telegram, telegramConnector } from '@asyncv/telegram'
import { type FakeTelegram, fakeTelegram } from '@asyncv/telegram/testing'
import { type Asyncv, type AsyncvOptions, createAsyncv, createVault, TrustFile } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { type Browser, invite, passwordOf, signUp } from '../src/browser.fixture.ts'
import type { StudioOptions } from '../src/options.ts'
import type { Role } from '../src/schemas/role.ts'
import { type Account, openStudioInBrowser, type StudioInBrowser } from './studio-page.fixture.ts'

export interface WorkplaceOptions extends Pick<FakeModelOptions, 'reply'> {
  /** The lines that the runtime shows. Default: it keeps none. */
  logs?: LogBook
  /** More of the runtime, or other: tools, agents, prices. */
  runtime?: Partial<AsyncvOptions>
  /** Of Studio. */
  options?: Partial<StudioOptions>
}

export interface Workplace extends StudioInBrowser {
  asyncv: Asyncv
  /** Whose releases the runtime takes: this Studio's, and whoever is added. */
  trust: TrustFile
  model: FakeModel
  telegram: FakeTelegram
  /** The id of the runtime in Studio, where it is called `production`. */
  runtime: string
  /** The API as the administrator, `ann`, uses it. */
  api: Browser
  /** Who can sign in, for `open`. */
  as: Record<Role, Account>
  /** Takes the runtime's listeners away, as when its process is gone, and puts them back where they were. */
  lose(): Promise<void>
  bringBack(): Promise<void>
  /** Saves an item by the API. */
  create(kind: string, name: string, content: object): Promise<void>
}

/**
 * A Studio in a browser, connected to a real runtime with both its listeners, which knows Telegram and OpenAI, has a connector
 * `code-tg` and a model service `main` (both fakes of this machine), and an agent `assistant`; somebody of each role; the
 * runtime takes releases of this Studio.
 */
export async function openWorkplace({
  reply,
  runtime: more = {},
  logs,
  options,
}: WorkplaceOptions = {}): Promise<Workplace> {
  const [model, chats] = await Promise.all([
    fakeModel({ models: ['fake-model', 'large-model'], ...(reply === undefined ? {} : { reply }) }),
    fakeTelegram(),
  ])
  const studio = await openStudioInBrowser(options)
  const trust = new TrustFile(join(studio.service.folder, 'trust.json'))
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    vault: createVault({ key: Buffer.alloc(32, 7) }),
    definitions: async () => [openaiProvider, telegramConnector],
    providers: { main: openai({ baseURL: model.url }) },
    connectors: { 'code-tg': telegram({ token: chats.token, apiRoot: chats.url, allow: 'everyone' }) },
    agents: [{ name: 'assistant', model: 'main/fake-model' }],
    routes: [{ connector: 'code-tg', agent: 'assistant' }],
    releases: { trust },
    ...more,
  })
  await asyncv.start()
  const server = createServer(asyncv, logs === undefined ? {} : { logs })
  const listen = (port: number, managementPort: number) =>
    Promise.all([server.listen({ host: '127.0.0.1', port }), server.management.listen(managementPort)])
  let listeners = await listen(0, 0)
  const [runtime, management] = listeners
  const lose = async (): Promise<void> => {
    await Promise.all(listeners.map((one) => one.close({ graceMs: 0 })))
  }
  const api = await signUp(studio.service)
  const { body: identity } = await api.ask('GET', '/api/identity')
  trust.add(identity.publisher, identity.publicKey, 1)
  for (const role of ['viewer', 'editor', 'operator'] as const) await invite(api, studio.service.url, role, role)
  const { key } = await asyncv.keys.create({
    name: 'studio',
    scopes: ['invoke', 'read', 'operate', 'configure'],
    space: '*',
  })
  const { url } = runtime
  const connected = await api.ask('POST', '/api/runtimes', {
    name: 'production',
    url,
    managementUrl: management.url,
    key,
  })
  if (connected.status !== 201) throw new Error(`The runtime was not connected: ${JSON.stringify(connected.body)}`)
  const account = (login: string): Account => ({ login, password: passwordOf(login) })
  return {
    ...studio,
    asyncv,
    trust,
    model,
    telegram: chats,
    runtime: connected.body.id,
    api,
    as: { viewer: account('viewer'), editor: account('editor'), operator: account('operator'), admin: account('ann') },
    lose,
    async bringBack() {
      listeners = await listen(Number(new URL(url).port), Number(new URL(management.url).port))
    },
    async create(kind, name, content) {
      const { status, body } = await api.ask('POST', '/api/items', { kind, name, content })
      if (status !== 201) throw new Error(`${kind} ${name} was not created: ${JSON.stringify(body)}`)
    },
    async close() {
      await studio.close()
      await lose()
      await asyncv.stop({ drainMs: 0 })
      await Promise.all([model.close(), chats.close()])
    },
  }
}
