import { createServer } from '@asyncv/server'
import { createAsyncv, defineConnector, secretText } from 'asyncv'
import type { ReleaseDocument } from 'asyncv/schemas'
import { sqlite } from 'asyncv/sqlite'
import { fakeConnector } from 'asyncv/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openDatabase, type OpenedDatabase } from '../database/open.ts'
import { createEvents } from '../events.ts'
import { Problem } from '../http/problem.ts'
import { itemCheck } from '../schemas/item-change.ts'
import { adopt } from './adopt.ts'
import { checkItems } from './check.ts'
import { createItems, type Items } from './items.ts'
import { createItemPorts, type ItemPorts } from './ports.ts'
import { listVersions, readHeads } from './read.ts'
import type { RuntimePort } from './runtime-port.ts'

const by = { id: 'u1', login: 'ann', name: 'Ann' }
const operatorKey = `avk_operator_${'o'.repeat(43)}`

/** What the operator's file says. */
const file: ReleaseDocument = {
  schemaVersion: 1,
  agents: [{ name: 'helper', model: 'offline/demo', instructions: 'Be brief.' }],
  routes: [],
  providers: {},
  connectors: {},
}
const pager = defineConnector({
  type: 'pager',
  // Nobody can tell by its name that it is a secret.
  options: z.strictObject({ pin: secretText(/./, 'is empty').optional(), room: z.string().default('lobby') }),
  create: () => fakeConnector(),
})
const asyncv = createAsyncv({
  storage: sqlite(':memory:'),
  agents: file.agents.map(({ name, model, instructions = '' }) => ({ name, model, instructions })),
  definitions: async () => [pager],
  releases: { file },
})

let server: Awaited<ReturnType<ReturnType<typeof createServer>['management']['listen']>>
let database: OpenedDatabase
let ports: ItemPorts
let items: Items
/** The real one, one that is away, and none. */
let connected: { id: string; name: string; url: string }[]
const runtimes: RuntimePort = {
  list: async () => connected,
  async ask(id, { method, path, body, signal }) {
    const url = connected.find((one) => one.id === id)?.url
    if (url === undefined) throw new Problem('runtime_unknown', 'There is no such runtime.')
    const headers = { authorization: `Bearer ${operatorKey}`, 'content-type': 'application/json' }
    const request = { method, headers, signal, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    const answer = await fetch(url + path, request).catch(() => {
      throw new Problem('runtime_unreachable', `${url} cannot be reached.`)
    })
    return { status: answer.status, body: await answer.json() }
  },
}
const away = { id: 'away', name: 'Away', url: 'http://127.0.0.1:9' }
let here: typeof away

beforeAll(async () => {
  await asyncv.start()
  server = await createServer(asyncv, { operatorKey }).management.listen(0)
  here = { id: 'here', name: 'Here', url: server.url }
  connected = [here]
  database = await openDatabase(':memory:')
  ports = createItemPorts({ db: database.db, runtimes, events: createEvents(), now: () => 5 })
  items = createItems(ports)
})
afterAll(async () => {
  await server.close({ graceMs: 0 })
  await asyncv.stop({ drainMs: 0 })
  await database.close()
})

const check = async (changes: unknown[], runtime?: string) =>
  itemCheck.strict().parse(await checkItems({ changes: changes as never, ...(runtime ? { runtime } : {}) }, ports))

test('what ran before Studio came is taken over, with who published it as the reason', async () => {
  const request = { replace: false, dryRun: true, reason: null }
  expect(await adopt(by, 'here', request, runtimes, ports)).toMatchObject({
    dryRun: true,
    changes: [{ name: 'helper' }],
  })
  expect(await readHeads(database.db)).toEqual([])
  await adopt(by, 'here', { ...request, dryRun: false }, runtimes, ports)
  expect(await readHeads(database.db)).toMatchObject([
    { kind: 'agent', name: 'helper', content: file.agents[0], changedBy: { name: 'Ann' } },
  ])
  expect(await listVersions(database.db, { kind: 'agent', name: 'helper' })).toMatchObject([
    { n: 1, reason: 'What ran as revision 1, published by file' },
  ])
})

test('a Studio that has other items takes over only when that is asked for', async () => {
  await items.create(by, { kind: 'agent', name: 'other', content: { model: 'offline/demo' }, reason: null })
  const request = { replace: false, dryRun: false, reason: null }
  await expect(adopt(by, 'here', request, runtimes, ports)).rejects.toMatchObject({ code: 'state_conflict' })
  expect(await readHeads(database.db)).toHaveLength(2)
  const { changes } = await adopt(by, 'here', { ...request, replace: true }, runtimes, ports)
  expect(changes).toMatchObject([{ name: 'other', change: 'deleted', version: 2 }])
  // Nothing differs now, so nothing has to be asked for.
  expect((await adopt(by, 'here', request, runtimes, ports)).changes).toEqual([])
})

test('the runtime’s own verdict comes back at the item and the place in it', async () => {
  const changes = [
    { kind: 'agent', name: 'aaa', content: { model: 'nowhere/m', tools: ['clairvoyance'] } },
    { kind: 'connector', name: 'p', content: { type: 'pager', options: { pin: { $secret: 'PIN' }, rom: 1 } } },
    { kind: 'route', name: 'p', content: { agent: 'nobody' } },
  ]
  const { checkedBy, runtime, problem, errors } = await check(changes)
  expect({ checkedBy, runtime, problem }).toEqual({
    checkedBy: 'runtime',
    runtime: { id: 'here', name: 'Here' },
    problem: null,
  })
  const places = errors.map(({ kind, name, pointer }) => `${kind} ${name} ${pointer}`)
  expect(places).toEqual(
    expect.arrayContaining(['agent aaa /model', 'agent aaa /tools/0', 'connector p /options/rom', 'route p /agent']),
  )
  // What was checked is saved nowhere.
  expect(await readHeads(database.db)).toHaveLength(1)
})

test('what could be applied has no errors', async () => {
  const changes = [
    { kind: 'agent', name: 'helper', content: { name: 'helper', model: 'offline/demo' } },
    { kind: 'connector', name: 'p', content: { type: 'pager', options: {} } },
    { kind: 'route', name: 'p', content: { connector: 'p', agent: 'helper' } },
  ]
  expect(await check(changes)).toMatchObject({ checkedBy: 'runtime', errors: [] })
})

test('without a runtime that answers the form alone is looked at, and that is said', async () => {
  const changes = [
    { kind: 'agent', name: 'helper', content: { model: 'offline/demo', instruction: 'x' } },
    { kind: 'connector', name: 'p', content: { type: 'pager', options: { token: 'canary' } } },
  ]
  const errors = [
    expect.objectContaining({ kind: 'agent', name: 'helper', pointer: '/instruction' }),
    expect.objectContaining({ kind: 'connector', name: 'p', pointer: '/options/token' }),
  ]
  connected = [here, away]
  expect(await check(changes, 'away')).toEqual({
    checkedBy: 'schema',
    runtime: { id: 'away', name: 'Away' },
    problem: expect.stringMatching(/cannot be reached/),
    errors,
  })
  connected = []
  expect(await check(changes)).toEqual({
    checkedBy: 'schema',
    runtime: null,
    problem: 'No runtime is connected.',
    errors,
  })
  await expect(check([], 'here')).rejects.toMatchObject({ code: 'runtime_unknown' })
  connected = [here]
})

test('a secret that only the runtime’s schema knows as one is refused at its place, also while another runtime is away', async () => {
  connected = [away, here]
  const saving = items.create(by, {
    kind: 'connector',
    name: 'held',
    content: { type: 'pager', options: { pin: 'canary' } },
    reason: null,
  })
  const refused = await saving.then(
    () => null,
    (error: Problem) => error,
  )
  expect(refused?.more.errors).toEqual([{ pointer: '/content/options/pin', detail: expect.stringMatching(/\$secret/) }])
  expect(JSON.stringify([refused?.message, refused?.more])).not.toContain('canary')
  const named = { type: 'pager', options: { pin: { $secret: 'PIN' } } }
  await items.create(by, { kind: 'connector', name: 'held', content: named, reason: null })
  connected = [here]
})

test('what a runtime said of its types stays good while it is away', async () => {
  const { url } = here
  const content = { type: 'pager', options: { pin: 'canary' } }
  let clock = 5
  const later = createItemPorts({ db: database.db, runtimes, events: createEvents(), now: () => clock })
  const create = (name: string) => createItems(later).create(by, { kind: 'connector', name, content, reason: null })
  await expect(create('one')).rejects.toMatchObject({ code: 'input_invalid' })
  here.url = away.url
  clock += 3_600_000
  await expect(create('two')).rejects.toMatchObject({ code: 'input_invalid' })
  here.url = url
})
