import { type Browser, browserOf, invite } from '../../src/browser.fixture.ts'
import { ada, firstRunLink } from './steps.fixture.ts'
import type { Running, Town } from './town.fixture.ts'

export interface Settled {
  runtime: Running
  studio: Running
  /** Studio's API as its administrator uses it. */
  api: Browser
  /** Saves the agent `shop` anew, as the administrator. */
  save(content: object): Promise<void>
}

export const shop = (instructions: string, more: object = {}) => ({
  ...{ name: 'shop', model: 'main/fake-model', instructions },
  ...more,
})

/** What the first steps lead to, by the API: one runtime, one bot, one agent, published; and an operator, `bob`. */
export async function settle(town: Town): Promise<Settled> {
  const [runtime, studio] = [await town.startRuntime(), await town.startStudio()]
  const api = browserOf(studio.url)
  await did(api, 'POST', '/api/first-run', { token: firstRunLink(studio).split('#')[1], ...ada })
  await invite(api, studio.url, 'bob', 'operator')
  await furnish(town, api)
  return {
    runtime,
    studio,
    api,
    async save(content) {
      const { version } = (await api.ask('GET', '/api/items/agent/shop')).body
      await did(api, 'PUT', '/api/items/agent/shop', { base: version, content })
    },
  }
}

/** Connects the runtime, and publishes the bot and the agent. */
export async function furnish(town: Town, api: Browser): Promise<void> {
  const { publisher, publicKey } = (await api.ask('GET', '/api/identity')).body
  await town.asyncv('trust', 'add', publisher, publicKey)
  const scopes = ['--scopes', 'invoke,read,operate,configure', '--space', '*']
  const { id } = await did(api, 'POST', '/api/runtimes', {
    name: 'production',
    url: `http://127.0.0.1:${town.ports.runtime}`,
    managementUrl: `http://127.0.0.1:${town.ports.management}`,
    key: (await town.asyncv('keys', 'create', 'studio', ...scopes)).trim(),
  })
  const { telegram, model } = town
  await did(api, 'PUT', `/api/runtimes/${id}/admin/v1/secrets/TOKEN`, {
    value: telegram.token,
    origins: [new URL(telegram.url).origin],
  })
  const items = [
    ['provider', 'main', { type: 'openai', options: { baseURL: model.url } }],
    [
      'connector',
      'tg',
      { type: 'telegram', options: { token: { $secret: 'TOKEN' }, apiRoot: telegram.url, allow: 'everyone' } },
    ],
    ['agent', 'shop', shop('You are kind.')],
    ['route', 'tg', { connector: 'tg', agent: 'shop' }],
  ] as const
  for (const [kind, name, content] of items) await did(api, 'POST', '/api/items', { kind, name, content })
  const { release } = await did(api, 'POST', '/api/releases', { items: 'all', summary: 'The first' })
  await applied(api, release.n)
}

/** Asks Studio for something that it has to do. */
export async function did(api: Browser, method: string, path: string, body: unknown) {
  const answer = await api.ask(method, path, body)
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** Waits until the one runtime has this release. */
export async function applied(api: Browser, n: number): Promise<void> {
  const end = Date.now() + 40_000
  for (;;) {
    const { body } = await api.ask('GET', `/api/releases/${n}`)
    if (body.targets[0]?.state === 'applied') return
    if (Date.now() > end) throw new Error(`Release ${n} was not applied: ${JSON.stringify(body.targets)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
