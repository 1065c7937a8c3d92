import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Browser, invite, signUp } from '../browser.fixture.ts'
import { itemList, itemVersionList, itemWithUses } from '../schemas/item.ts'
import { type OpenedStudio, openStudio } from '../studio.fixture.ts'

let opened: OpenedStudio
let ann: Browser
let ed: Browser
beforeAll(async () => {
  opened = await openStudio()
  ann = await signUp(opened)
  ed = await invite(ann, opened.url, 'ed', 'editor')
}, 30_000)
afterAll(() => opened.close())

let count = 0
/** An item of its own for each test. */
async function made(kind = 'agent', more: Record<string, unknown> = {}): Promise<string> {
  const name = `${kind}-${++count}`
  const base = kind === 'agent' ? { model: 'main/m' } : kind === 'route' ? { agent: 'helper' } : { type: 'x' }
  const answer = await ed.ask('POST', '/api/items', { kind, name, content: { ...base, ...more }, reason: 'new' })
  expect(answer.status).toBe(201)
  return name
}

const at = (name: string, kind = 'agent') => `/api/items/${kind}/${name}`

test('what is created is there with its first version, its author and what a release writes out', async () => {
  const name = await made('connector')
  const { body } = await ann.ask('GET', at(name, 'connector'))
  expect(itemWithUses.strict().parse(body)).toMatchObject({
    version: 1,
    content: { type: 'x', options: {} },
    changedBy: { name: 'ed' },
    deletedAt: null,
    published: null,
    differs: true,
    usedBy: [],
  })
})

test('a save is a version with its author and reason, and all versions stay', async () => {
  const name = await made('agent', { instructions: 'Be brief.' })
  const content = { name, model: 'main/m', instructions: 'Be kind.' }
  const saved = await ann.ask('PUT', at(name), { base: 1, content, reason: ' nicer ' })
  expect(saved.body).toMatchObject({ version: 2, content, changedBy: { name: 'Ann' } })
  const { data } = itemVersionList.strict().parse((await ann.ask('GET', `${at(name)}/versions`)).body)
  expect(data).toMatchObject([
    { n: 2, author: { name: 'Ann' }, reason: 'nicer', deleted: false },
    { n: 1, author: { name: 'ed' }, reason: 'new', deleted: false },
  ])
  const first = await ann.ask('GET', `${at(name)}/versions/1`)
  expect(first.body.content).toEqual({ name, model: 'main/m', instructions: 'Be brief.' })
  expect((await ann.ask('GET', `${at(name)}/versions/3`)).body.code).toBe('item_unknown')
})

test('any two versions can be compared, in either direction', async () => {
  const name = await made('agent', { instructions: 'one' })
  await ed.ask('PUT', at(name), { base: 1, content: { model: 'main/m', instructions: 'two' } })
  await ed.ask('DELETE', `${at(name)}?base=2`)
  const between = async (from: number, to: number) =>
    (await ann.ask('GET', `${at(name)}/difference?from=${from}&to=${to}`)).body.difference
  expect(await between(1, 2)).toEqual([{ pointer: '/instructions', before: 'one', after: 'two' }])
  expect(await between(2, 1)).toEqual([{ pointer: '/instructions', before: 'two', after: 'one' }])
  expect(await between(2, 3)).toContainEqual({ pointer: '/instructions', before: 'two' })
  expect(await between(3, 1)).toContainEqual({ pointer: '/instructions', after: 'one' })
})

test('of two editors who save at once the second is told, shown the first one’s, and overwrites nothing', async () => {
  const name = await made()
  const mine = { name, model: 'main/mine' }
  const answers = await Promise.all([
    ed.ask('PUT', at(name), { base: 1, content: mine }),
    ann.ask('PUT', at(name), { base: 1, content: { name, model: 'main/yours' } }),
  ])
  const [won, lost] = answers.toSorted((one, other) => one.status - other.status)
  expect(won).toMatchObject({ status: 200, body: { version: 2 } })
  expect(lost).toMatchObject({ status: 409, body: { code: 'version_conflict', current: won?.body } })
  expect((await ann.ask('GET', at(name))).body).toMatchObject(won?.body)
})

test('twenty saves at once take one number each, without a gap', async () => {
  const name = await made()
  const save = async (n: number): Promise<void> => {
    for (let tries = 0; tries < 100; tries++) {
      const { version } = (await ed.ask('GET', at(name))).body
      const content = { model: 'main/m', instructions: `save ${n}` }
      if ((await ed.ask('PUT', at(name), { base: version, content })).status === 200) return
    }
    throw new Error('never saved')
  }
  await Promise.all(Array.from({ length: 20 }, (_, n) => save(n)))
  const { data } = (await ed.ask('GET', `${at(name)}/versions`)).body
  expect(data.map(({ n }: { n: number }) => n)).toEqual(Array.from({ length: 21 }, (_, index) => 21 - index))
})

test('saving what is there is no version', async () => {
  const name = await made('connector')
  const saved = await ed.ask('PUT', at(name, 'connector'), { base: 1, content: { options: {}, type: 'x' } })
  expect(saved.body.version).toBe(1)
})

test('what is deleted is out of the list, keeps its versions, and comes back', async () => {
  const name = await made()
  expect((await ed.ask('DELETE', `${at(name)}?base=1&reason=old`)).body).toMatchObject({ version: 2, differs: false })
  const list = async (query: string) =>
    itemList.parse((await ann.ask('GET', `/api/items?search=${name}${query}`)).body).data.map((one) => one.version)
  expect([await list(''), await list('&deleted=true')]).toEqual([[], [2]])
  expect((await ed.ask('PUT', at(name), { base: 2, content: { model: 'a/b' } })).body.code).toBe('state_conflict')
  expect((await ed.ask('DELETE', `${at(name)}?base=2`)).body.code).toBe('state_conflict')
  const restored = await ed.ask('POST', `${at(name)}/restore`, {})
  expect(restored.body).toMatchObject({ version: 3, deletedAt: null, content: { model: 'main/m' } })
  expect((await ed.ask('POST', `${at(name)}/restore`, {})).body.code).toBe('state_conflict')
  const { data } = (await ann.ask('GET', `${at(name)}/versions`)).body
  expect(data).toMatchObject([{ deleted: false }, { deleted: true, reason: 'old' }, { deleted: false }])
})

test('a deletion of what somebody else has saved meanwhile is a conflict', async () => {
  const name = await made()
  await ann.ask('PUT', at(name), { base: 1, content: { model: 'main/n' } })
  expect((await ed.ask('DELETE', `${at(name)}?base=1`)).body).toMatchObject({
    code: 'version_conflict',
    current: { version: 2 },
  })
})

test('a deletion has to say of which version', async () => {
  const name = await made()
  expect((await ed.ask('DELETE', at(name))).body).toMatchObject({
    code: 'input_invalid',
    errors: [{ pointer: '/base' }],
  })
  expect((await ann.ask('GET', at(name))).body.deletedAt).toBeNull()
})

test('an earlier version is brought back as a new one', async () => {
  const name = await made('agent', { instructions: 'first' })
  await ed.ask('PUT', at(name), { base: 1, content: { model: 'main/m', instructions: 'second' } })
  const restored = await ed.ask('POST', `${at(name)}/restore`, { version: 1, base: 2 })
  expect(restored.body).toMatchObject({ version: 3, content: { instructions: 'first' } })
})

test('a name that is taken is refused; that of something deleted goes on with its numbers', async () => {
  const name = await made()
  const again = { kind: 'agent', name, content: { model: 'main/again' } }
  expect((await ed.ask('POST', '/api/items', again)).body.code).toBe('name_taken')
  await ed.ask('DELETE', `${at(name)}?base=1`)
  expect((await ed.ask('POST', '/api/items', again)).body).toMatchObject({ version: 3, deletedAt: null })
})

test('what an item names is told by what it names, and a deletion says what breaks', async () => {
  const [provider, connector] = [await made('provider'), await made('connector')]
  const agent = await made('agent', { model: ['other/x', `${provider}/m`] })
  await ed.ask('POST', '/api/items', { kind: 'route', name: connector, content: { agent } })
  const uses = async (name: string, kind: string) => (await ann.ask('GET', at(name, kind))).body.usedBy
  expect(await uses(provider, 'provider')).toEqual([{ kind: 'agent', name: agent, pointer: '/model/1' }])
  expect(await uses(connector, 'connector')).toEqual([{ kind: 'route', name: connector, pointer: '/connector' }])
  expect((await ed.ask('DELETE', `${at(agent)}?base=1`)).body.usedBy).toEqual([
    { kind: 'route', name: connector, pointer: '/agent' },
  ])
})

test('a search finds names and texts, whatever their case', async () => {
  const name = await made('agent', { instructions: 'Grüße ÄRGERLICHE Leute. 你好' })
  for (const search of [name.toUpperCase(), 'ärgerliche', '你好']) {
    const { data } = (await ann.ask('GET', `/api/items?search=${encodeURIComponent(search)}`)).body
    expect(data.map((one: { name: string }) => one.name)).toEqual([name])
  }
  const other = await ann.ask('GET', `/api/items?kind=provider&search=${encodeURIComponent('你好')}`)
  expect(other.body.data).toEqual([])
})

test('each action is in the audit log with its version and fields, and none of its texts', async () => {
  const name = await made('agent', { instructions: 'canary-text' })
  await ed.ask('PUT', at(name), { base: 1, content: { model: 'main/n', instructions: 'canary-other' }, reason: 'why' })
  const { data } = (await ann.ask('GET', '/api/audit?limit=200')).body
  const mine = data.filter(({ target }: { target: string }) => target === `agent/${name}`)
  expect(mine).toMatchObject([
    { action: 'item.saved', actor: { name: 'ed' } },
    { action: 'item.created', actor: { name: 'ed' } },
  ])
  expect(JSON.parse(mine[0].detail)).toEqual({ version: 2, fields: ['/model', '/instructions'], reason: 'why' })
  expect(JSON.stringify(data)).not.toContain('canary')
  expect((await ann.ask('GET', '/api/audit/verify')).body.whole).toBe(true)
})

test('templates are there by their ids', async () => {
  const { data } = (await ann.ask('GET', '/api/items/templates')).body
  for (const [index, { id, kind, content }] of data.entries()) {
    const body = { kind, name: `of-template-${index}-${id}`, content: { model: 'main/m', ...content } }
    expect((await ed.ask('POST', '/api/items', body)).status).toBe(201)
  }
})

test('what never was, and what there is no kind of, is unknown', async () => {
  expect((await ann.ask('GET', '/api/items/agent/never')).body.code).toBe('item_unknown')
  expect((await ann.ask('GET', '/api/items/robot/x')).body).toMatchObject({ code: 'item_unknown' })
})
