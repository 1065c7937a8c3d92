import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { createAsyncv } from '../asyncv.ts'
import { type ConfigSources, defineConfig, resolveConfig } from './file.ts'
import { defineConnector, defineProvider } from '../definition.ts'
import { AsyncvError } from '../errors.ts'
import { offline } from '../offline/provider.ts'
import { configSchema } from '../schemas/config.ts'
import { isSecret, type Secret, secretText } from '../secret.ts'
import { sqlite } from '../sqlite/index.ts'
import { fakeConnector } from '../testing/fake-connector.ts'
import { textsFor } from '../texts.ts'
import { newMasterKey } from '../vault/master-key.ts'
import { createVault, type Vault } from '../vault/vault.ts'
import { openSecrets } from '../open-secrets.ts'
import { sealedSecrets } from '../sqlite/upkeep/sealed.ts'
import type { PartDefinition } from '../part-making.ts'

const made: unknown[] = []
const model = defineProvider({
  type: 'model',
  options: z.strictObject({ apiKey: z.string().min(8).optional(), nested: z.strictObject({ ms: z.int() }).optional() }),
  create: (options) => {
    made.push(options)
    return offline()
  },
})
const chat = defineConnector({
  type: 'chat',
  options: z.strictObject({ token: z.string().regex(/^\d+:/, 'expected a token') }),
  create({ token }) {
    if (token === '0:revoked') throw new AsyncvError('config_invalid', 'This token was revoked.')
    return fakeConnector()
  },
})

const sources: ConfigSources = {
  file: 'asyncv.config.json',
  directory: '/somewhere',
  definitions: [model, chat],
  types: { provider: ['model', 'other'], connector: ['chat'] },
  secret: (name) => ({ KEY: 'sesame-123', EMPTY: '', CHAT_TOKEN: '7:x' })[name],
}
const agents = [{ name: 'helper', model: 'offline/demo' }]

function problemsOf(value: unknown): string[] {
  try {
    resolveConfig(value, sources)
    return []
  } catch (error) {
    const { code, message } = error as AsyncvError
    expect(code).toBe('config_invalid')
    const [file, ...problems] = message.split('\n')
    expect(file).toBe('asyncv.config.json:')
    return problems.map((problem) => problem.trim())
  }
}

test('parts are made by their type, with secrets in place', () => {
  const { asyncv, server } = resolveConfig(
    {
      server: { port: 7000 },
      providers: { main: { type: 'model', options: { apiKey: { $secret: 'KEY' } } } },
      connectors: { tg: { type: 'chat', options: { token: { $secret: 'CHAT_TOKEN' } } } },
      agents: [{ name: 'helper', model: 'main/x' }],
      width: 3,
    },
    sources,
  )
  expect(made.at(-1)).toEqual({ apiKey: 'sesame-123' })
  expect(server).toMatchObject({ port: 7000 })
  expect(asyncv.width).toBe(3)
  expect(Object.keys(asyncv.connectors ?? {})).toEqual(['tg'])
})

test('parts that a program has made stay as they are', () => {
  const main = offline()
  const tg = fakeConnector()
  const { asyncv } = resolveConfig(defineConfig({ providers: { main }, connectors: { tg }, agents }), sources)
  expect(asyncv.providers?.['main']).toBe(main)
  expect(asyncv.connectors?.['tg']).toBe(tg)
})

test('every text that asyncv says can be set', () => {
  expect(configSchema.safeParse({ agents, texts: { de: textsFor('en', {}) } }).success).toBe(true)
})

test.each<[string, unknown, string[]]>([
  ['something that is no object', ['x'], ['the configuration: Invalid input: expected object, received array']],
  ['no agents', {}, ['agents: Invalid input: expected array, received undefined']],
  ['an unknown key', { agents, agnets: [] }, ['agnets: unknown key. Did you mean "agents"?']],
  [
    'unknown keys deeper down',
    { agents: [{ ...agents[0], limits: { modelCall: 1 } }], outbox: { backofMs: 1 }, texts: { en: { faild: 'x' } } },
    [
      'agents[0].limits.modelCall: unknown key. Did you mean "modelCalls"?',
      'outbox.backofMs: unknown key. Did you mean "backoffMs"?',
      'texts.en.faild: unknown key. Did you mean "failed"?',
    ],
  ],
  [
    'wrong types',
    { agents: [{ name: 7, model: 'offline/demo', whenBusy: 'stear' }], server: { port: 70_000 } },
    [
      'server.port: Too big: expected number to be <=65535 (it is 70000)',
      'agents[0].name: Invalid input: expected string, received number (it is 7)',
      'agents[0].whenBusy: Invalid option: expected one of "steer"|"queue" (it is "stear")',
    ],
  ],
  [
    'a storage that is not built, without its password',
    { agents, storage: 'postgres://me:sesame@db/x' },
    ['storage: expected "sqlite:" and a path, such as "sqlite:./asyncv.db"'],
  ],
  [
    'names that cannot be used',
    { agents, providers: { 'a/b': { type: 'model' } } },
    ['providers.a/b: use 1 to 64 letters, digits, "_" or "-"'],
  ],
  [
    'unknown types, with those of the same kind',
    { agents, providers: { a: { type: 'chat' }, b: { type: 'modle' } }, connectors: { c: { type: 'model' } } },
    [
      'providers.a.type: unknown provider type "chat". Known types: model, other.',
      'providers.b.type: unknown provider type "modle". Did you mean "model"?',
      'connectors.c.type: unknown connector type "model". Known types: chat.',
    ],
  ],
  [
    'parts that are neither made nor named',
    { agents, providers: { a: 7, b: {}, c: { type: 'model', option: {} } } },
    [
      'providers.a: Invalid input: expected object, received number',
      'providers.b.type: Invalid input: expected string, received undefined',
      'providers.c.option: unknown key. Did you mean "options"?',
    ],
  ],
  [
    'options of a part, without their values',
    { agents, providers: { a: { type: 'model', options: { apiKey: 'short', apikey: 'x', nested: { ns: 1 } } } } },
    [
      'providers.a.options.apiKey: Too small: expected string to have >=8 characters',
      'providers.a.options.nested.ms: Invalid input: expected number, received undefined',
      'providers.a.options.nested.ns: unknown key. Did you mean "ms"?',
      'providers.a.options.apikey: unknown key. Did you mean "apiKey"?',
    ],
  ],
  [
    'secrets that are not there, or empty, and nothing else of them',
    {
      agents,
      providers: { a: { type: 'model', options: { apiKey: { $secret: 'NOPE' }, x: 1 } } },
      connectors: { b: { type: 'chat', options: { token: { $secret: 'EMPTY' } } } },
    },
    [
      'providers.a.options.apiKey: the environment has no NOPE. Set it, or put it in .env beside the configuration.',
      'providers.a.options.x: unknown key. Known: apiKey, nested.',
      'connectors.b.options.token: the environment has no EMPTY. Set it, or put it in .env beside the configuration.',
    ],
  ],
  [
    'what a part itself refuses',
    { agents, connectors: { b: { type: 'chat', options: { token: '0:revoked' } } } },
    ['connectors.b.options: This token was revoked.'],
  ],
  [
    'references, beside a part that cannot be made',
    {
      agents: [{ name: 'a', model: 'main/x', tools: ['tmie'] }],
      providers: { main: { type: 'nope' } },
      routes: [{ connector: 'tg', agent: 'a' }],
    },
    [
      'providers.main.type: unknown provider type "nope". Known types: model, other.',
      'Agent "a": unknown tool "tmie". Did you mean "time"?',
      'Route to "a": unknown connector "tg". Known connectors: none.',
    ],
  ],
  [
    'a wrong shape and a wrong part at once',
    { agents: 7, providers: { main: { type: 'xyzzy' } } },
    [
      'agents: Invalid input: expected array, received number (it is 7)',
      'providers.main.type: unknown provider type "xyzzy". Known types: model, other.',
    ],
  ],
])('names %s', (_, value, problems) => {
  expect(problemsOf(value)).toEqual(problems)
})

test('options that are 100,000 levels deep are refused', () => {
  const options = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`) as unknown
  expect(problemsOf({ agents, providers: { main: { type: 'model', options } } })[0]).toMatch(
    /^providers\.main\.options\.a\.a.*: nested more than 32 levels deep\.$/,
  )
})

test('"__proto__" is a key like others', () => {
  const value = JSON.parse('{"agents": [{"name": "a", "model": "offline/demo"}], "__proto__": {"width": 0}}') as unknown
  expect(problemsOf(value)[0]).toMatch(/^__proto__: unknown key/)
})

const handed: { key: unknown; other: unknown }[] = []
const knowing = defineProvider({
  type: 'knowing',
  origin: 'https://official.example',
  options: z.strictObject({
    key: secretText(/^sk-/, 'expected a key').optional(),
    headers: z.record(z.string(), secretText(/^/, '')).optional(),
    name: z.string().optional(),
    choice: z.union([z.string(), z.strictObject({ inner: z.string() })]).optional(),
    url: z.string().optional(),
  }),
  create(options) {
    handed.push({ key: options.key, other: options })
    return offline()
  },
})

async function withVault(options: object) {
  const vault = createVault({ key: newMasterKey(), elsewhere: sources.secret })
  const value = { providers: { main: { type: 'knowing', options } }, agents }
  const { asyncv: resolved } = resolveConfig(value, { ...sources, definitions: [knowing], vault })
  const runtime = createAsyncv({ ...resolved, storage: sqlite(':memory:') })
  onTestFinished(() => runtime.stop({ drainMs: 0 }))
  return { runtime, options: handed.at(-1)?.other as Record<string, unknown> }
}

test('a part that knows of secrets gets one, where its schema takes it; elsewhere a text of the environment', async () => {
  const { options } = await withVault({
    key: { $secret: 'KEY' },
    headers: { 'X-Key': { $secret: 'KEY' } },
    name: { $secret: 'KEY' },
    choice: { inner: { $secret: 'KEY' } },
  })
  expect([isSecret(options['key']), isSecret((options['headers'] as Record<string, unknown>)['X-Key'])]).toEqual([
    true,
    true,
  ])
  expect(options).toMatchObject({ name: 'sesame-123', choice: { inner: 'sesame-123' } })
})

test('a part’s secret goes to the official origin, and to those that the file names there', async () => {
  const { runtime, options } = await withVault({ key: { $secret: 'K' }, url: 'http://127.0.0.1:4010/v1' })
  const key = options['key'] as Secret
  await expect(runtime.start()).rejects.toMatchObject({
    message: 'asyncv.config.json: providers.main.options.key: there is no secret K.',
  })
  const found = await withVault({ key: { $secret: 'KEY' }, url: 'http://127.0.0.1:4010/v1' })
  await found.runtime.start()
  await found.runtime.secrets.put({ name: 'KEY', value: 'sk-of-the-vault' })
  const secret = found.options['key'] as Secret
  expect(secret.reveal('https://official.example')).toBe('sk-of-the-vault')
  expect(secret.reveal('http://127.0.0.1:4010')).toBe('sk-of-the-vault')
  expect(() => secret.reveal('https://elsewhere.example')).toThrow(expect.objectContaining({ code: 'secret_refused' }))
  await found.runtime.secrets.put({ name: 'KEY', value: 'not-a-key' })
  expect(() => secret.reveal('https://official.example')).toThrow('The secret KEY cannot be used here: expected a key.')
  expect(key.name).toBe('K')
})

test('a part that knows of no secrets gets the environment’s texts, also beside a vault', () => {
  const vault = createVault({ key: newMasterKey() })
  resolveConfig(
    { providers: { main: { type: 'model', options: { apiKey: { $secret: 'KEY' } } } }, agents },
    { ...sources, vault },
  )
  expect(made.at(-1)).toEqual({ apiKey: 'sesame-123' })
})

/** A type that knows of no secrets, as plugins are that take texts. */
const plainly = defineConnector({
  type: 'plainly',
  options: z.looseObject({ token: z.string() }),
  create: ({ token }) => ({
    ...fakeConnector(),
    start: () => Promise.reject(new Error(`The platform does not know ${String(token)}.`)),
  }),
})

function withPlain(vault: Vault) {
  const connectors = { chat: { type: 'plainly', options: { token: { $secret: 'PLAIN' } } } }
  return resolveConfig({ agents, connectors }, { ...sources, definitions: [plainly as PartDefinition], vault })
}

test('a secret that a part takes as a text is hidden wherever it would be seen', async () => {
  const vault = createVault({ elsewhere: (name) => ({ PLAIN: 'canary-of-the-text' })[name] })
  const asyncv = createAsyncv({ ...withPlain(vault).asyncv, storage: sqlite(':memory:') })
  await expect(asyncv.start()).rejects.toThrow('The platform does not know [secret PLAIN].')
})

test('a secret that a part takes as a text is looked for in the vault first', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-text-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const database = join(folder, 'asyncv.db')
  const key = newMasterKey()
  const elsewhere = () => 'of-the-environment'
  const kept = await openSecrets(sqlite(database), { key })
  await kept.put({ name: 'PLAIN', value: 'of-the-vault' })
  await kept.put({ name: 'BOUND', value: 'of-the-vault-too', origins: ['https://a.example'] })
  await kept.close()
  const vault = createVault({ key, elsewhere })
  await vault.lookAhead(await sealedSecrets(database))
  const said: string[] = []
  const spoken = defineConnector({
    type: 'plainly',
    options: z.looseObject({ token: z.string() }),
    create: ({ token }) => {
      said.push(token)
      return fakeConnector()
    },
  })
  const made = (name: string, its = vault) =>
    resolveConfig(
      { agents, connectors: { chat: { type: 'plainly', options: { token: { $secret: name } } } } },
      { ...sources, definitions: [spoken as PartDefinition], vault: its, secret: elsewhere },
    )
  made('PLAIN')
  expect(said).toEqual(['of-the-vault'])
  // Nothing binds a text, so one that is bound is none.
  expect(() => made('BOUND')).toThrow(/connectors\.chat\.options\.token: .*BOUND is bound to https:\/\/a\.example/)
  const shut = createVault({ key: newMasterKey(), elsewhere })
  await shut.lookAhead(await sealedSecrets(database))
  expect(() => made('PLAIN', shut)).toThrow(/PLAIN cannot be read/)
})

test('a type that breaks while a part is made is wrong at its place, and no bug of ours', () => {
  const fragile = defineConnector({
    type: 'fragile',
    options: z.strictObject({ url: z.string() }),
    create: ({ url }) => {
      new URL(url)
      return fakeConnector()
    },
  })
  const connectors = { chat: { type: 'fragile', options: { url: 'nowhere' } } }
  expect(() => resolveConfig({ agents, connectors }, { ...sources, definitions: [fragile as PartDefinition] })).toThrow(
    expect.objectContaining({
      code: 'config_invalid',
      message: 'asyncv.config.json:\n  connectors.chat: cannot be made: Invalid URL',
    }),
  )
})

test('what a connector throws at its start names it, and is no bug of ours', async () => {
  const vault = createVault({ elsewhere: () => 'canary-of-the-start' })
  const asyncv = createAsyncv({ ...withPlain(vault).asyncv, storage: sqlite(':memory:') })
  await expect(asyncv.start()).rejects.toMatchObject({
    code: 'connector_failed',
    message: 'Connector "chat" did not start: The platform does not know [secret PLAIN].',
  })
})
