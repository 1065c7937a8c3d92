import { canonicalJson } from 'asyncv/schemas'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, type OpenedDatabase } from '../database/open.ts'
import { createEvents } from '../events.ts'
import type { ItemKind } from '../schemas/item.ts'
import { unpublishedChanges } from '../schemas/item-change.ts'
import { listChanges } from './changes.ts'
import { compose } from './document.ts'
import { createItems, type Items } from './items.ts'
import { createItemPorts } from './ports.ts'
import { listItems, readHeads } from './read.ts'
import { noRuntimes } from './no-runtimes.fixture.ts'

let database: OpenedDatabase
let items: Items
const by = { id: 'u1', login: 'ann', name: 'Ann' }
beforeAll(async () => {
  database = await openDatabase(':memory:')
  items = createItems(createItemPorts({ db: database.db, runtimes: noRuntimes, events: createEvents(), now: () => 5 }))
})
afterAll(() => database.close())

const create = (kind: ItemKind, name: string, content: Record<string, unknown>) =>
  items.create(by, { kind, name, content, reason: null })
const save = (name: string, base: number, model: string, reason: string | null = null) =>
  items.save(by, { kind: 'agent', name }, { base, content: { model }, reason })

/** As publishing everything leaves it. */
async function publish(n: number): Promise<void> {
  const heads = await readHeads(database.db)
  const row = {
    n,
    document: canonicalJson(compose(heads)),
    hash: `h${n}`,
    summary: '',
    author: 'u1',
    author_name: 'Ann',
  }
  const released = JSON.stringify(heads.map(({ kind, name, version }) => ({ kind, name, version })))
  await database.db
    .insertInto('release')
    .values({ ...row, items: released, at: 5, rolls_back_to: null })
    .execute()
}

const changes = async () => unpublishedChanges.parse(await listChanges(database.db))

test('what was created, changed, deleted, or taken back again, against the newest release', async () => {
  for (const name of ['kept', 'gone', 'changed', 'back']) await create('agent', name, { model: 'main/one' })
  await create('connector', 'tg', { type: 'x' })
  expect(await changes()).toMatchObject({
    release: null,
    data: Array(5).fill({ change: 'created', from: null, to: 1 }),
  })
  await publish(1)
  expect(await changes()).toEqual({ release: 1, data: [] })

  await items.remove(by, { kind: 'agent', name: 'gone' }, { base: 1, reason: 'too old' })
  await save('changed', 1, 'main/two')
  await save('changed', 2, 'main/three', 'better')
  await save('back', 1, 'main/two')
  await save('back', 2, 'main/one')
  await create('agent', 'young', { model: 'main/one' })
  const who = { changedAt: 5, changedBy: { id: 'u1', name: 'Ann' } }
  const difference = [{ pointer: '/model', before: 'main/one', after: 'main/three' }]
  expect(await changes()).toMatchObject({
    release: 1,
    data: [
      { name: 'changed', change: 'changed', from: 1, to: 3, reason: 'better', difference, ...who },
      { name: 'gone', change: 'deleted', from: 1, to: 2, reason: 'too old' },
      { name: 'young', change: 'created', from: null, to: 1 },
    ],
  })
  const listed = await listItems(database.db, { search: '', deleted: 'false' })
  expect(listed.map(({ name, published, differs }) => [name, published, differs])).toEqual([
    ['back', 1, false],
    ['changed', 1, true],
    ['kept', 1, false],
    ['young', null, true],
    ['tg', 1, false],
  ])

  await publish(2)
  expect((await changes()).data).toEqual([])
})

test('what was created and deleted again without being published is no change', async () => {
  await create('agent', 'short', { model: 'main/one' })
  await items.remove(by, { kind: 'agent', name: 'short' }, { base: 1, reason: null })
  expect((await changes()).data).toEqual([])
})
