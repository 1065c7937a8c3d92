import { expect, test } from 'vitest'
import { calculator } from '../offline/calculator.ts'
import { offline } from '../offline/provider.ts'
import { hashOf } from '../internal/document-hash.ts'
import { documentProblems } from '../schemas/release.ts'
import { portableOf } from './portable.ts'

const config = {
  storage: 'sqlite:./asyncv.db',
  server: { port: 7400 },
  plugins: ['./chats.ts'],
  tools: [calculator],
  width: 4,
  providers: { main: { type: 'openai', options: { apiKey: { $secret: 'MODEL_KEY' }, baseURL: undefined } } },
  connectors: { tg: { type: 'telegram' } },
  agents: [{ name: 'helper', model: 'main/m', instructions: 'Be brief.', tools: ['calculator'] }],
}

test('agents, routes and parts become a document; what is the host’s does not', () => {
  const { document, code, problems } = portableOf(config)
  expect([...code, ...problems]).toEqual([])
  expect(document).toEqual({
    schemaVersion: 1,
    agents: [{ name: 'helper', model: 'main/m', instructions: 'Be brief.', tools: ['calculator'] }],
    routes: [],
    providers: { main: { type: 'openai', options: { apiKey: { $secret: 'MODEL_KEY' } } } },
    connectors: { tg: { type: 'telegram', options: {} } },
  })
  expect(documentProblems(document)).toEqual([])
})

test('what is left to its default has the hash of what says it', () => {
  const explicit = { ...config, routes: [], connectors: { tg: { type: 'telegram', options: {} } } }
  expect(hashOf(portableOf(explicit).document)).toBe(hashOf(portableOf(config).document))
})

test('code is named with its place and what to write instead, each once', () => {
  const { document, code, problems } = portableOf({
    providers: { made: offline(), main: { type: 'openai', options: { fetch: () => null, since: new Date(0) } } },
    agents: [{ name: 'helper', model: 'made/demo', instructions: () => 'Be brief.', tools: [calculator] }],
  })
  expect(problems).toEqual([])
  expect(code.map(({ pointer, detail }) => `${pointer} ${detail}`)).toEqual([
    expect.stringMatching(/^\/agents\/0\/instructions is a function.*as a text/),
    expect.stringMatching(/^\/agents\/0\/tools\/0 is a tool’s code. Name it here, "calculator"/),
    expect.stringMatching(/^\/providers\/made is a made provider. Name it by its type/),
    expect.stringMatching(/^\/providers\/main\/options\/fetch is a function, which no JSON can say/),
    expect.stringMatching(/^\/providers\/main\/options\/since is an object of class Date/),
  ])
  expect(JSON.stringify(document)).not.toContain('made"')
})

test('what a document cannot be is said at the field, with the nearest name', () => {
  const { problems } = portableOf({ agnets: [], agents: [{ name: 'a b', model: 'main/m', intructions: 'x' }] })
  expect(problems).toEqual([
    { pointer: '/agnets', detail: 'unknown key. Did you mean "agents"?' },
    { pointer: '/agents/0/name', detail: expect.stringContaining('letters') },
    { pointer: '/agents/0/intructions', detail: expect.stringContaining('Did you mean "instructions"?') },
  ])
})

test.each([[null], ['text'], [[]], [undefined]])('%j is no configuration', (value) => {
  expect(portableOf(value).problems).toEqual([{ pointer: '', detail: expect.stringContaining('no configuration') }])
})

test('what nests without end is refused', () => {
  const endless: Record<string, unknown> = {}
  endless['self'] = endless
  const { code } = portableOf({ agents: [], connectors: { tg: { type: 't', options: endless } } })
  expect(code).toEqual([
    { pointer: expect.stringMatching(/^\/connectors\/tg/), detail: expect.stringContaining('levels deep') },
  ])
})

test('a model that is missing, or is none, is said with what to write', () => {
  const problemsWith = (model: unknown) =>
    documentProblems({ schemaVersion: 1, agents: [{ name: 'helper', ...(model === undefined ? {} : { model }) }] })
  const detail = 'write a model, such as "main/gpt-5-mini", or a list of 1 to 10 of them'
  for (const model of [undefined, 7, [], [7]])
    expect(problemsWith(model)).toEqual([{ pointer: '/agents/0/model', detail }])
  expect(problemsWith('main/any')).toEqual([])
  expect(problemsWith(['main/any', 'other/any'])).toEqual([])
})
