import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { browserOf, invite } from '../browser.fixture.ts'
import { openRuntime } from '../releases/runtime.fixture.ts'
import { openService } from './service.fixture.ts'

const canary = (): string => randomBytes(24).toString('hex')
const service = await openService({ allowPrivateWebhooks: true })
const { admin, db, folder } = service
const { body: identity } = await admin.ask('GET', '/api/identity')
const runtime = await openRuntime([identity], { file: join(folder, 'runtime.db') })
afterAll(async () => {
  await runtime.stop()
  await service.close()
})

const secrets = {
  'a key of a runtime': `avk_wrong_${canary()}`,
  'a password': `a password with ${canary()}`,
  'a password that was changed': `another with ${canary()}`,
  'a password that was wrong': `a wrong one with ${canary()}`,
  'a secret of a webhook': `whsec_${Buffer.from(canary()).toString('base64')}`,
  'what is in the address of a webhook': canary(),
  'a secret for the vault': canary(),
  'a secret in an item that was refused': canary(),
  'a secret in an import that was refused': canary(),
  'a made-up session': canary(),
  'a made-up invitation': canary(),
}
type Name = keyof typeof secrets

/** What everybody who may look at all is shown, told under way, or can have as a file. */
const shown: string[] = []
const receiver = createServer((request, response) => {
  request.on('data', (data) => shown.push(String(data)))
  response.end()
})
await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
afterAll(() => receiver.close())

const viewer = await service.as('viewer')
const left = new AbortController()
const following = await viewer.fetch('GET', '/api/events', undefined, {}, left.signal)
const followed = (async () => {
  for await (const part of following.body as unknown as AsyncIterable<Uint8Array>) shown.push(String(Buffer.from(part)))
})().catch(() => {})

const request = { name: 'here', url: runtime.url, managementUrl: runtime.managementUrl }
const { body: connected } = await admin.ask('POST', '/api/runtimes', { ...request, key: runtime.key })
const sessions: string[] = []
const links: string[] = []

/** Each secret goes where it would go, rightly or not. */
async function say(): Promise<void> {
  const answers = [
    await admin.ask('POST', '/api/runtimes', { ...request, name: 'other', key: secrets['a key of a runtime'] }),
    await admin.ask('PUT', `/api/runtimes/${connected.id}`, {
      name: secrets['a key of a runtime'].slice(0, 3),
      key: 'wrong',
    }),
  ]
  await admin.ask('POST', `/api/runtimes/${answers[0]?.body.id}/check`)
  const eve = await invite(admin, service.url, 'eve', 'editor')
  const { link } = (await admin.ask('POST', `/api/users/${eve.id}/invitation`)).body
  links.push(link.split('#')[1])
  const { body } = await browserOf(service.url).ask('POST', '/api/invitations', {
    token: link.split('#')[1],
    password: secrets['a password'],
  })
  const again = browserOf(service.url)
  await again.ask('POST', '/api/sign-in', { login: 'eve', password: secrets['a password that was wrong'] })
  await again.ask('POST', '/api/sign-in', { login: body.user.login, password: secrets['a password'] })
  await again.ask('PUT', '/api/me/password', {
    current: secrets['a password'],
    next: secrets['a password that was changed'],
  })
  sessions.push(again.cookies.get('asyncv_studio') ?? '')
  const { port } = receiver.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/hook/${secrets['what is in the address of a webhook']}`
  const hook = await admin.ask('POST', '/api/webhooks', {
    url,
    events: ['release.published', 'release.applied'],
    secret: secrets['a secret of a webhook'],
  })
  await admin.ask('PUT', `/api/webhooks/${hook.body.id}`, { url: `${url}2` })
  await admin.ask('POST', `/api/webhooks/${hook.body.id}/test`)
  const vault = `/api/runtimes/${connected.id}/admin/v1/secrets/MODEL_KEY`
  answers.push(await admin.ask('PUT', vault, { value: secrets['a secret for the vault'] }))
  answers.push(await admin.ask('GET', vault))
  const held = (value: string) => ({ type: 'openai', options: { apiKey: value } })
  answers.push(
    await admin.ask('POST', '/api/items', {
      kind: 'provider',
      name: 'held',
      content: held(secrets['a secret in an item that was refused']),
    }),
  )
  answers.push(
    await admin.ask('POST', '/api/import', {
      document: { schemaVersion: 1, providers: { held: held(secrets['a secret in an import that was refused']) } },
    }),
  )
  const content = { name: 'helper', model: 'offline/demo' }
  await admin.ask('POST', '/api/items', { kind: 'agent', name: 'helper', content })
  answers.push(await admin.ask('POST', '/api/releases', { items: 'all', summary: 'first' }))
  await browserOf(service.url).ask('GET', '/api/me', undefined, {
    cookie: `asyncv_studio=${secrets['a made-up session']}`,
  })
  answers.push(
    await browserOf(service.url).ask('POST', '/api/invitations', {
      token: secrets['a made-up invitation'],
      password: secrets['a password'],
    }),
  )
  shown.push(...answers.map(({ body: answer }) => JSON.stringify(answer)))
}
await say()
for (const route of service.routes.filter((one) => one.startsWith('GET') && one !== 'GET /api/events')) {
  const path = (route.split(' ')[1] ?? '')
    .replaceAll(/:n\b/g, '1')
    .replace(':kind', 'agent')
    .replace(':name', 'helper')
    .replace(':id', connected.id)
  // An administrator may see where webhooks lead, and nobody else.
  if (path.startsWith('/api/webhooks')) continue
  shown.push(await (await admin.fetch('GET', `${path}${path.endsWith('compare') ? '?from=0&to=1' : ''}`)).text())
}
shown.push(await (await admin.fetch('GET', '/api/audit/export?format=csv')).text())
left.abort()
await followed
const stored = (): string =>
  readdirSync(folder)
    .filter((file) => file.startsWith('studio.db'))
    .map((file) => readFileSync(join(folder, file)).toString('latin1'))
    .join('')

const names = Object.keys(secrets) as Name[]
test('there was something to see', async () => {
  expect(shown.join('').length).toBeGreaterThan(5_000)
  expect(shown.join('')).toContain('helper')
  expect(stored()).toContain('helper')
  const { body } = await admin.ask('GET', '/api/audit?limit=200')
  const actions = body.data.map(({ action }: { action: string }) => action)
  for (const action of ['webhook.created', 'webhook.changed', 'user.password_changed', 'release.published'])
    expect(actions).toContain(action)
})

test.each(names)('%s is shown nowhere', (name) => {
  expect(shown.some((text) => text.includes(secrets[name]))).toBe(false)
})

test.each(names)('%s is in no line of the log', (name) => {
  expect(JSON.stringify(service.logged)).not.toContain(secrets[name])
})

// Where a webhook leads has to be known: the database is its owner's alone.
test.each(names.filter((name) => name !== 'what is in the address of a webhook'))(
  '%s is not in the database',
  (name) => {
    expect(stored()).not.toContain(secrets[name])
  },
)

test('sessions, invitations, keys and the private key are not in the database as they are', async () => {
  const text = stored()
  const { key } = await service.parts.runtimes.connection(connected.id)
  const { privateKey } = service.parts.identity
  const studioKey = readFileSync(join(folder, 'studio.key'), 'utf8').trim()
  const device = admin.cookies.get('asyncv_studio_device') ?? ''
  for (const value of [...sessions, ...links, key, studioKey, service.parts.firstRun.token, device]) {
    expect(value.length).toBeGreaterThan(20)
    expect(text).not.toContain(value)
    expect(shown.join('')).not.toContain(value)
    expect(JSON.stringify(service.logged)).not.toContain(value)
  }
  for (const line of privateKey.split('\n').filter((one) => one.length > 30))
    expect(text + shown.join('')).not.toContain(line)
})

test('no password is in the database in another form than its hash', async () => {
  const users = await db.selectFrom('user').select('password').where('password', 'is not', null).execute()
  expect(users.length).toBeGreaterThan(3)
  for (const { password } of users) expect(password).toMatch(/^scrypt\$\d+\$8\$\d+\$[\w+/=]{24}\$[\w+/=]{44}$/)
  expect(shown.join('')).not.toContain('scrypt$')
})
