import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import type { Asyncv } from '../api.ts'
import { defineConnector } from '../definition.ts'
import type { PartDefinition } from '../part-making.ts'
import { fakeConnector } from '../testing/fake-connector.ts'
import { Platforms, Publisher, releasable, saying } from '../testing/publisher.fixture.ts'
import { createVault, type Vault } from '../vault/vault.ts'
import { newMasterKey } from '../vault/master-key.ts'

const environment: Record<string, string> = { TOKEN: 'sesame-of-the-environment', LISTED: 'open-of-the-environment' }

/** A type that knows of no secrets, and takes texts wherever they stand. */
const plain = defineConnector({
  type: 'plain',
  options: z.looseObject({}),
  create: () => fakeConnector({ account: 'fake:9' }),
}) as PartDefinition

/** A type of another service that takes secrets. */
const other = defineConnector({
  type: 'other',
  origin: 'https://other.example',
  options: new Platforms().connector.options,
  create: () => fakeConnector({ account: 'fake:8' }),
}) as PartDefinition

const vaultOf = () => createVault({ key: newMasterKey(), elsewhere: (name) => environment[name] })

async function started(vault: Vault = vaultOf(), more: { environment?: string[] } = {}): Promise<Asyncv> {
  const where = new Platforms()
  const asyncv = releasable(where, [new Publisher()], {
    vault,
    definitions: async () => [...where.definitions, plain, other],
    releases: more as never, // the fixture brings the trust
  })
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  await asyncv.start()
  return asyncv
}

const using = (type: string, options: Record<string, unknown>) => ({
  ...saying('hi', []),
  connectors: { chat0: { type, options } },
  routes: [{ connector: 'chat0', agent: 'helper' }],
})

const problemsOf = async (asyncv: Asyncv, type: string, options: Record<string, unknown>) =>
  (await asyncv.releases.check(using(type, options))).problems

test('a name that the file uses as a secret is no text for a release', async () => {
  const vault = vaultOf()
  vault.secret('TOKEN', { origins: ['https://chat.example'] })
  const asyncv = await started(vault, { environment: ['LISTED'] })
  expect(await problemsOf(asyncv, 'plain', { host: 'elsewhere.example', user: { $secret: 'TOKEN' } })).toEqual([
    {
      pointer: '/connectors/chat0/options/user',
      detail: expect.stringContaining('"releases": { "environment": ["TOKEN"] }'),
    },
  ])
  expect(await problemsOf(asyncv, 'plain', { user: { $secret: 'LISTED' } })).toEqual([])
  // Where it is a secret, it goes where the file has bound it.
  expect(await problemsOf(asyncv, 'chat', { account: 'fake:1', token: { $secret: 'TOKEN' } })).toEqual([])
})

test.each([
  ' https://elsewhere.example/',
  '\nhttps://elsewhere.example',
  'WSS://elsewhere.example',
  'https:elsewhere.example',
])('a secret does not leave by %j', async (apiRoot) => {
  const asyncv = await started()
  await asyncv.secrets.put({ name: 'TOKEN', value: 'sesame' })
  expect(await problemsOf(asyncv, 'chat', { account: 'fake:1', token: { $secret: 'TOKEN' }, apiRoot })).toEqual([
    {
      pointer: '/connectors/chat0/options/apiRoot',
      detail: expect.stringContaining('would send the secret TOKEN to https://elsewhere.example'),
    },
  ])
})

test('a secret that the file sends to one service goes to no other', async () => {
  const vault = vaultOf()
  vault.secret('TOKEN', { origins: ['https://chat.example'] })
  const asyncv = await started(vault)
  expect(await problemsOf(asyncv, 'other', { account: 'fake:8', token: { $secret: 'TOKEN' } })).toEqual([
    {
      pointer: '/connectors/chat0/options/token',
      detail: expect.stringContaining('would send the secret TOKEN to https://other.example'),
    },
  ])
})

test('only a service that takes secrets as such has a webhook of its own', async () => {
  const asyncv = await started(vaultOf(), { environment: ['LISTED'] })
  const options = { webhook: { url: 'https://elsewhere.example' }, user: { $secret: 'LISTED' } }
  expect(await problemsOf(asyncv, 'plain', options)).toEqual([
    {
      pointer: '/connectors/chat0/options/webhook/url',
      detail: expect.stringContaining('would send the secret LISTED to https://elsewhere.example'),
    },
  ])
})

test('what a type says of its options, or a platform of a start, has no values of secrets', async () => {
  const chatty = defineConnector({
    type: 'chatty',
    options: z.looseObject({ user: z.string() }),
    create: ({ user, at }) => {
      if (at === 'making') throw new Error(`Cannot log ${user} in.`)
      return { ...fakeConnector({ account: 'fake:7' }), start: () => Promise.reject(new Error(`${user} was refused.`)) }
    },
  }) as PartDefinition
  const publisher = new Publisher()
  const asyncv = releasable(new Platforms(), [publisher], {
    vault: vaultOf(),
    definitions: async () => [...new Platforms().definitions, chatty],
    releases: { environment: ['LISTED'] } as never, // the fixture brings the trust
  })
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  await asyncv.start()
  const user = { $secret: 'LISTED' }
  expect(await problemsOf(asyncv, 'chatty', { user, at: 'making' })).toEqual([
    { pointer: '/connectors/chat0', detail: 'cannot be made: Cannot log [secret LISTED] in.' },
  ])
  const refused = await publisher.publish(asyncv, using('chatty', { user })).catch((error: unknown) => error)
  expect(refused).toMatchObject({
    code: 'release_failed',
    message: 'Connector "chat0" did not start: [secret LISTED] was refused.',
  })
  expect(JSON.stringify(refused)).not.toContain(environment['LISTED'])
})

test('a user or password in a URL is a secret that a release must not hold', async () => {
  const asyncv = await started()
  for (const apiRoot of ['https://ada:sesame@chat.example', 'https://sesame@chat.example/x']) {
    const problems = await problemsOf(asyncv, 'chat', { account: 'fake:1', apiRoot })
    expect(problems).toEqual([
      { pointer: '/connectors/chat0/options/apiRoot', detail: expect.stringContaining('holds a secret itself') },
    ])
    expect(JSON.stringify(problems)).not.toContain('sesame')
  }
})

test.each(['api_key', 'access_token', 'apikey', 'X-Api-Key', 'key', 'client_secret', 'sig'])(
  'a value of ?%s= in a URL is a secret that a release must not hold',
  async (name) => {
    const asyncv = await started()
    const apiRoot = `https://chat.example/v1?version=2&${name}=sk-sesame`
    const problems = await problemsOf(asyncv, 'chat', { account: 'fake:1', apiRoot })
    expect(problems).toEqual([
      { pointer: '/connectors/chat0/options/apiRoot', detail: expect.stringContaining('holds a secret itself') },
    ])
    expect(
      await problemsOf(asyncv, 'chat', { account: 'fake:1', apiRoot: 'https://chat.example/v1?version=2' }),
    ).toEqual([])
  },
)
