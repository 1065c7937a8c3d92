import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Browser, signUp } from '../browser.fixture.ts'
import { type OpenedStudio, openStudio } from '../studio.fixture.ts'

let opened: OpenedStudio
let ann: Browser
beforeAll(async () => {
  opened = await openStudio()
  ann = await signUp(opened)
})
afterAll(() => opened.close())

const create = (kind: string, name: string, content: unknown, more: object = {}) =>
  ann.ask('POST', '/api/items', { kind, name, content, ...more })

test.each<[string, string, string, unknown, { pointer: string; detail: unknown }]>([
  [
    'an unknown field',
    'agent',
    'a',
    { model: 'm/n', instruction: 'x' },
    { pointer: '/content/instruction', detail: expect.stringMatching(/Did you mean "instructions"/) },
  ],
  [
    'an unknown field below',
    'agent',
    'a',
    { model: 'm/n', limits: { calls: 1 } },
    { pointer: '/content/limits/calls', detail: expect.any(String) },
  ],
  ['what a release cannot say', 'agent', 'a', {}, { pointer: '/content/model', detail: expect.any(String) }],
  [
    'a program to run',
    'connector',
    'a',
    { type: 'x', command: '/bin/sh' },
    { pointer: '/content/command', detail: expect.any(String) },
  ],
  [
    'another name than its own',
    'agent',
    'a',
    { name: 'b', model: 'm/n' },
    { pointer: '/content/name', detail: expect.stringMatching(/renaming/) },
  ],
  [
    'a route of another connector',
    'route',
    'a',
    { connector: 'b', agent: 'x' },
    { pointer: '/content/connector', detail: expect.any(String) },
  ],
  ['a name with a slash', 'provider', 'a/b', { type: 'x' }, { pointer: '/name', detail: expect.any(String) }],
  ['a name with a space', 'agent', 'a b', { model: 'm/n' }, { pointer: '/name', detail: expect.any(String) }],
  ['no name', 'route', '', { agent: 'x' }, { pointer: '/name', detail: expect.any(String) }],
  [
    'the name of what all objects come from',
    'provider',
    '__proto__',
    { type: 'x' },
    { pointer: '/name', detail: expect.any(String) },
  ],
  [
    'half of a surrogate pair',
    'agent',
    'a',
    { model: 'm/n', instructions: '\ud800' },
    { pointer: '/content', detail: expect.stringMatching(/surrogate/) },
  ],
  [
    'instructions that are too long',
    'agent',
    'a',
    { model: 'm/n', instructions: 'x'.repeat(200_001) },
    { pointer: '/content/instructions', detail: expect.any(String) },
  ],
  [
    'options that are too long',
    'connector',
    'a',
    { type: 'x', options: { text: 'x'.repeat(400_001) } },
    { pointer: '/content', detail: expect.stringMatching(/at most 400000/) },
  ],
  [
    'a secret by the name of its option',
    'connector',
    'a',
    { type: 'x', options: { botToken: 'canary' } },
    { pointer: '/content/options/botToken', detail: expect.stringMatching(/\$secret/) },
  ],
  [
    'a secret in a list',
    'provider',
    'a',
    { type: 'x', options: { more: [{ api_key: 'canary' }] } },
    { pointer: '/content/options/more/0/api_key', detail: expect.any(String) },
  ],
  [
    'a secret in an address',
    'provider',
    'a',
    { type: 'x', options: { baseURL: 'https://u:canary@x.example' } },
    { pointer: '/content/options/baseURL', detail: expect.any(String) },
  ],
])('%s is refused at its place', async (_, kind, name, content, place) => {
  const { status, body } = await create(kind, name, content)
  expect({ status, code: body.code, errors: body.errors }).toEqual({
    status: 400,
    code: 'input_invalid',
    errors: [place],
  })
  expect(JSON.stringify(body)).not.toContain('canary')
  expect((await ann.ask('GET', '/api/items')).body.data).toEqual([])
})

test('a secret is taken by its name', async () => {
  const content = { type: 'x', options: { botToken: { $secret: 'TOKEN' } } }
  expect((await create('connector', 'by-name', content)).body).toMatchObject({ content })
  await ann.ask('DELETE', '/api/items/connector/by-name?base=1')
})

test.each(['version', 'changedBy', 'deletedAt', 'published', 'author'])('nobody can give "%s" along', async (key) => {
  const { body } = await create('agent', 'mass', { model: 'm/n' }, { [key]: 7 })
  expect(body).toMatchObject({ code: 'input_invalid', errors: [{ pointer: `/${key}` }] })
  expect((await ann.ask('GET', '/api/items/agent/mass')).status).toBe(404)
})

test('a save cannot change kind, name or number', async () => {
  await create('agent', 'steady', { model: 'm/n' })
  for (const key of ['kind', 'name', 'version', 'n']) {
    const body = { base: 1, content: { model: 'm/o' }, [key]: 'x' }
    expect((await ann.ask('PUT', '/api/items/agent/steady', body)).body.errors).toMatchObject([{ pointer: `/${key}` }])
  }
  expect((await ann.ask('GET', '/api/items/agent/steady')).body.version).toBe(1)
  await ann.ask('DELETE', '/api/items/agent/steady?base=1')
})

test('a key that reaches prototypes is refused wherever it stands', async () => {
  const raw = '{"kind":"connector","name":"p","content":{"type":"x","options":{"__proto__":{"polluted":1}}}}'
  const { status } = await ann.ask('POST', '/api/items', raw)
  expect(status).toBe(400)
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

test('a body that is larger than any item is refused', async () => {
  const content = { model: 'm/n', instructions: 'x'.repeat(1_100_000) }
  expect((await create('agent', 'large', content)).status).toBe(413)
})
