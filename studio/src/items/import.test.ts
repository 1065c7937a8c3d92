import { documentProblems } from 'asyncv/schemas'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Browser, signUp } from '../browser.fixture.ts'
import { importResult } from '../schemas/item-change.ts'
import { type OpenedStudio, openStudio } from '../studio.fixture.ts'

let opened: OpenedStudio
let ann: Browser
beforeAll(async () => {
  opened = await openStudio()
  ann = await signUp(opened)
})
afterAll(() => opened.close())

const document = {
  schemaVersion: 1,
  agents: [
    { name: 'helper', model: 'main/m', instructions: 'Be brief.' },
    { name: 'other', model: 'main/m' },
  ],
  routes: [{ connector: 'tg', agent: 'helper' }],
  providers: { main: { type: 'openai', options: { apiKey: { $secret: 'KEY' } } } },
  connectors: { tg: { type: 'telegram', options: { token: { $secret: 'TOKEN' } } } },
}

const bring = (body: object) => ann.ask('POST', '/api/import', body)
const names = async (): Promise<string[]> =>
  (await ann.ask('GET', '/api/items')).body.data.map((one: { kind: string; name: string }) => `${one.kind}/${one.name}`)

beforeEach(async () => {
  await bring({ document: { schemaVersion: 1 }, replace: true })
})

test('a file tells first what it would change, then changes it, and then nothing more', async () => {
  const dry = await bring({ document, dryRun: true })
  expect(importResult.strict().parse(dry.body)).toMatchObject({ dryRun: true, unchanged: 0 })
  expect(await names()).toEqual([])
  const { body } = await bring({ document, reason: 'from git' })
  expect(body.changes).toEqual(dry.body.changes)
  expect(await names()).toEqual(['agent/helper', 'agent/other', 'connector/tg', 'provider/main', 'route/tg'])
  const { data } = (await ann.ask('GET', '/api/items/agent/helper/versions')).body
  expect(data[0]).toMatchObject({ author: { name: 'Ann' }, reason: 'from git' })
  expect((await bring({ document })).body).toEqual({ dryRun: false, unchanged: 5, changes: [] })
})

test('what somebody saved after the look at a file is not written over', async () => {
  await bring({ document })
  const file = { ...document, agents: [{ name: 'helper', model: 'main/n' }] }
  const seen = (await bring({ document: file, dryRun: true })).body.changes.map(
    ({ kind, name, version }: { kind: string; name: string; version: number }) => ({ kind, name, version }),
  )
  const { version: base } = (await ann.ask('GET', '/api/items/agent/helper')).body
  const content = { name: 'helper', model: 'main/m', instructions: 'Saved meanwhile.' }
  await ann.ask('PUT', '/api/items/agent/helper', { base, content })
  const { status, body } = await bring({ document: file, seen })
  expect({ status, code: body.code }).toEqual({ status: 409, code: 'version_conflict' })
  expect((await ann.ask('GET', '/api/items/agent/helper')).body.content.instructions).toBe('Saved meanwhile.')
  const again = [{ ...seen[0], version: seen[0].version + 1 }]
  expect((await bring({ document: file, seen: again })).status).toBe(200)
})

test('a file brings no more than a release could have, together with what is there', async () => {
  await bring({ document })
  const agents = Array.from({ length: 1_000 }, (_, n) => ({ name: `a${n}`, model: 'main/m' }))
  const { status, body } = await bring({ document: { schemaVersion: 1, agents }, dryRun: true })
  expect({ status, code: body.code }).toEqual({ status: 409, code: 'state_conflict' })
  const instead = await bring({ document: { schemaVersion: 1, agents }, dryRun: true, replace: true })
  expect(instead.status).toBe(200)
})

test('what a file does not have stays, unless it is to be replaced', async () => {
  await bring({ document })
  const less = { schemaVersion: 1, agents: [{ name: 'helper', model: 'main/n' }] }
  const change = { kind: 'agent', name: 'helper', change: 'changed' }
  expect((await bring({ document: less, dryRun: true })).body.changes).toMatchObject([change])
  const replaced = await bring({ document: less, replace: true })
  expect(replaced.body.changes).toHaveLength(5)
  expect(replaced.body.changes[0].difference).toEqual([
    { pointer: '/model', before: 'main/m', after: 'main/n' },
    { pointer: '/instructions', before: 'Be brief.' },
  ])
  expect(await names()).toEqual(['agent/helper'])
})

test('what is given out is a document that a runtime takes, and brings the same items back', async () => {
  await bring({ document })
  const { body, headers } = await ann.ask('GET', '/api/export')
  expect(headers.get('content-disposition')).toMatch(/^attachment/)
  expect(documentProblems(body)).toEqual([])
  expect(body).toEqual(document)
  expect((await bring({ document: body, replace: true })).body.changes).toEqual([])
})

test('a configuration file brings its portable part', async () => {
  const { schemaVersion: _, ...portable } = document
  const config = { ...portable, storage: 'sqlite:./a.db', server: { port: 7400 } }
  expect((await bring({ document: config })).body.changes).toHaveLength(5)
})

test.each<[string, object, string]>([
  ['an unknown field', { ...document, agent: [] }, '/document/agent'],
  ['an unknown key of a configuration', { agents: [], conectors: {} }, '/document/conectors'],
  ['a later version', { schemaVersion: 99 }, '/document/schemaVersion'],
  ['a second agent of a name', { ...document, agents: [...document.agents, document.agents[0]] }, '/document/agents/2'],
  [
    'a second route of a connector',
    { ...document, routes: [...document.routes, { connector: 'tg', agent: 'other' }] },
    '/document/routes/1',
  ],
  [
    'a secret itself',
    { ...document, connectors: { tg: { type: 'telegram', options: { token: 'canary' } } } },
    '/document/connectors/tg/options/token',
  ],
  [
    'a route that nothing can be called like',
    { ...document, routes: [{ connector: 'a b', agent: 'helper' }] },
    '/document/routes/0',
  ],
])('%s is refused at its place, and nothing is taken', async (_, wrong, pointer) => {
  const { status, body } = await bring({ document: wrong })
  expect({ status, code: body.code }).toEqual({ status: 400, code: 'input_invalid' })
  expect(body.errors[0].pointer).toBe(pointer)
  expect(JSON.stringify(body)).not.toContain('canary')
  expect(await names()).toEqual([])
})

test('the audit log has one line for the import and one for each item', async () => {
  await bring({ document, reason: 'from git' })
  const { data } = (await ann.ask('GET', '/api/audit?limit=6')).body
  const line = data.at(-1)
  expect(line).toMatchObject({ action: 'item.imported', target: 'items' })
  expect(JSON.parse(line.detail)).toEqual({ from: 'file', created: 5, changed: 0, deleted: 0, reason: 'from git' })
})

test('a draft is composed with what is saved, and saved nowhere', async () => {
  await bring({ document })
  const changes = [
    { kind: 'agent', name: 'helper', content: { model: 'main/draft' } },
    { kind: 'route', name: 'tg', content: null },
  ]
  const { body } = await ann.ask('POST', '/api/items/compose', { changes })
  expect(body.document.agents[0]).toEqual({ name: 'helper', model: 'main/draft' })
  expect(body.document.routes).toEqual([])
  expect((await ann.ask('GET', '/api/items/agent/helper')).body.content.model).toBe('main/m')
})
