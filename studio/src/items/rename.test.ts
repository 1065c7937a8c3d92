import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../database/open.ts'
import { createEvents, type StudioEvent } from '../events.ts'
import type { ItemKind } from '../schemas/item.ts'
import { createItems } from './items.ts'
import { createItemPorts } from './ports.ts'
import { listVersions, readHeads } from './read.ts'
import { noRuntimes } from './no-runtimes.fixture.ts'

const by = { id: 'u1', login: 'ann', name: 'Ann' }

async function house() {
  const { db, close } = await openDatabase(':memory:')
  onTestFinished(close)
  const told: StudioEvent[] = []
  const events = { ...createEvents(), emit: (event: StudioEvent) => void told.push(event) }
  const items = createItems(createItemPorts({ db, runtimes: noRuntimes, events, now: () => 5 }))
  const all: [ItemKind, string, Record<string, unknown>][] = [
    ['provider', 'main', { type: 'x' }],
    ['agent', 'helper', { model: ['main/a', 'mainly/b', 'main/c/d'] }],
    ['agent', 'other', { model: 'mainly/m' }],
    ['connector', 'tg', { type: 'x' }],
    ['route', 'tg', { agent: 'helper' }],
  ]
  for (const [kind, name, content] of all) await items.create(by, { kind, name, content, reason: null })
  told.length = 0
  const there = async () =>
    Object.fromEntries((await readHeads(db)).map(({ kind, name, content }) => [`${kind}/${name}`, content]))
  const rename = (kind: ItemKind, from: string, name: string, base = 1) =>
    items.rename(by, { kind, name: from }, { base, name, reason: 'clearer' })
  return { db, items, told, there, rename }
}

test('agents follow the new name of a provider, in each of their models', async () => {
  const { there, rename, told } = await house()
  const { item, followed } = await rename('provider', 'main', 'first')
  expect(item).toMatchObject({ name: 'first', version: 1 })
  expect(followed).toEqual([{ kind: 'agent', name: 'helper', version: 2 }])
  expect(await there()).toMatchObject({
    'agent/helper': { model: ['first/a', 'mainly/b', 'first/c/d'] },
    'agent/other': { model: 'mainly/m' },
  })
  expect(told).toMatchObject([
    { type: 'item.saved', kind: 'provider', name: 'main', version: 2 },
    { type: 'item.saved', kind: 'provider', name: 'first', version: 1 },
    { type: 'item.saved', kind: 'agent', name: 'helper', version: 2 },
  ])
})

test('a route follows its agent, and is called like its connector', async () => {
  const { there, rename } = await house()
  await rename('agent', 'helper', 'aid')
  const { followed } = await rename('connector', 'tg', 'telegram')
  expect(followed).toEqual([{ kind: 'route', name: 'telegram', version: 1 }])
  const now = await there()
  expect(Object.keys(now)).toEqual([
    'agent/aid',
    'agent/other',
    'connector/telegram',
    'provider/main',
    'route/telegram',
  ])
  expect(now['route/telegram']).toEqual({ connector: 'telegram', agent: 'aid' })
  expect(now['agent/aid']).toMatchObject({ name: 'aid' })
})

test('the history stays under the old name', async () => {
  const { db, rename } = await house()
  await rename('agent', 'other', 'another')
  expect(await listVersions(db, { kind: 'agent', name: 'other' })).toMatchObject([
    { n: 2, deleted: true, reason: 'clearer' },
    { n: 1, deleted: false },
  ])
})

test.each([
  ['a name that is taken', 'other', { code: 'name_taken' }],
  ['the name it has', 'helper', { code: 'input_invalid' }],
  ['a name that nothing can have', 'a/b', { code: 'input_invalid' }],
])('%s is refused, and nothing is renamed', async (_, name, problem) => {
  const { there, rename } = await house()
  const before = await there()
  await expect(rename('agent', 'helper', name)).rejects.toMatchObject(problem)
  expect(await there()).toEqual(before)
})

test('where what follows cannot, nothing is renamed', async () => {
  const { items, there, rename } = await house()
  await items.create(by, { kind: 'route', name: 'busy', content: { agent: 'other' }, reason: null })
  const before = await there()
  await expect(rename('connector', 'tg', 'busy')).rejects.toMatchObject({ code: 'name_taken' })
  expect(await there()).toEqual(before)
})

test('of two editors the second renames nothing', async () => {
  const { items, rename } = await house()
  await items.save(by, { kind: 'agent', name: 'other' }, { base: 1, content: { model: 'main/z' }, reason: null })
  await expect(rename('agent', 'other', 'another')).rejects.toMatchObject({ code: 'version_conflict' })
})
