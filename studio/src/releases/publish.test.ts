import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { openRuntime, type RealRuntime, type Trusted } from './runtime.fixture.ts'
import { ann, type Desk, openDesk } from './desk.fixture.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const agent = (name: string, instructions: string, model = 'offline/demo') => ({ name, model, instructions })

async function openBoth(
  lookEveryMs?: number,
): Promise<Desk & { runtime: RealRuntime; id: string; trusted: Trusted[] }> {
  const desk = await openDesk(':memory:', lookEveryMs === undefined ? {} : { lookEveryMs })
  closing.push(() => desk.close())
  const trusted = [desk.identity.shown]
  const runtime = await openRuntime(trusted)
  closing.push(() => runtime.stop())
  const id = await desk.connect('here', runtime.managementUrl, runtime.key)
  return { ...desk, runtime, id, trusted }
}

test('what is published runs, and is known to run', async () => {
  const { releases, save, target, runtime, id, announced } = await openBoth()
  await save('agent', 'helper', agent('helper', 'one'))
  const { release, unchecked } = await releases.publish({ items: 'all', summary: 'First' }, ann)
  expect({ n: release.n, unchecked, author: release.author }).toMatchObject({
    n: 1,
    unchecked: [],
    author: { id: 'u1' },
  })
  expect(await target(1, id)).toMatchObject({ state: 'applied', revision: 1, problem: null })
  const { current } = await runtime.asyncv.releases.state()
  expect(current).toMatchObject({ hash: release.hash, document: { agents: [agent('helper', 'one')] }, sequence: 1 })
  expect(announced.map(({ event }) => event)).toEqual(['release.published', 'release.applied'])
})

test('only what was chosen is published, on top of the newest release', async () => {
  const { releases, save } = await openBoth()
  await save('agent', 'a', agent('a', 'one'))
  await save('agent', 'b', agent('b', 'one'))
  await releases.publish({ items: 'all', summary: 'First' }, ann)
  await save('agent', 'a', agent('a', 'two'))
  await save('agent', 'b', agent('b', 'two'))
  const { release } = await releases.publish({ items: [{ kind: 'agent', name: 'b' }], summary: 'b alone' }, ann)
  expect(release.document).toMatchObject({ agents: [agent('a', 'one'), agent('b', 'two')] })
  expect(release.changes).toEqual([
    {
      kind: 'agent',
      name: 'b',
      change: 'changed',
      difference: [{ pointer: '/instructions', before: 'one', after: 'two' }],
    },
  ])
})

test('a choice that leaves out what it names is refused at the place that names it', async () => {
  const { releases, save } = await openBoth()
  await save('provider', 'main', { type: 'offline', options: {} })
  await save('agent', 'helper', agent('helper', 'one', 'main/demo'))
  const publishing = releases.publish({ items: [{ kind: 'agent', name: 'helper' }], summary: 'x' }, ann)
  await expect(publishing).rejects.toMatchObject({
    code: 'release_invalid',
    more: { errors: [{ kind: 'agent', name: 'helper', pointer: '/model' }] },
  })
  expect((await releases.list({ limit: 10 })).data).toEqual([])
})

test('what a runtime would refuse is said at the field, and nothing is published', async () => {
  const { releases, save, id } = await openBoth()
  await save('agent', 'helper', agent('helper', 'one', 'nowhere/x'))
  await expect(releases.publish({ items: 'all', summary: 'x' }, ann)).rejects.toMatchObject({
    code: 'release_invalid',
    more: { errors: [{ kind: 'agent', name: 'helper', pointer: expect.stringMatching(/^\/model/), runtime: id }] },
  })
  expect((await releases.list({ limit: 10 })).data).toEqual([])
})

test('asked to, it is published to those that would take it', async () => {
  const desk = await openBoth()
  const picky = await openRuntime(desk.trusted, { agents: [{ name: 'helper', model: 'offline/demo' }] })
  closing.push(() => picky.stop())
  const pickyId = await desk.connect('picky', picky.managementUrl, picky.key)
  await desk.save('agent', 'helper', agent('helper', 'one'))
  await expect(desk.releases.publish({ items: 'all', summary: 'x' }, ann)).rejects.toMatchObject({
    code: 'release_invalid',
    more: { errors: [{ runtime: pickyId }], extra: { against: [pickyId] } },
  })
  const { release, left } = await desk.releases.publish({ items: 'all', summary: 'x', anyway: true }, ann)
  expect(left).toEqual([pickyId])
  expect(release.targets.map(({ runtime }) => runtime)).toEqual([desk.id])
  expect(await picky.applied()).toEqual([])
})

test('nothing new is no release', async () => {
  const { releases, save } = await openBoth()
  await save('agent', 'helper', agent('helper', 'one'))
  await releases.publish({ items: 'all', summary: 'First' }, ann)
  await expect(releases.publish({ items: 'all', summary: 'Again' }, ann)).rejects.toMatchObject({
    code: 'state_conflict',
  })
})

test('rolled back, runtime, items and changes say what they said then', async () => {
  const { releases, save, target, runtime, id, db } = await openBoth()
  await save('agent', 'helper', agent('helper', 'one'))
  await save('agent', 'old', agent('old', 'x'))
  const first = await releases.publish({ items: 'all', summary: 'First' }, ann)
  await save('agent', 'helper', agent('helper', 'two'))
  await save('agent', 'old', null)
  await save('agent', 'new', agent('new', 'x'))
  await releases.publish({ items: 'all', summary: 'Second' }, ann)
  await save('agent', 'new', agent('new', 'nobody saw this'))
  const { release, laidAside } = await releases.rollBack(1, { summary: 'Back' }, ann)
  expect(release).toMatchObject({ n: 3, rollsBackTo: 1, hash: first.release.hash })
  expect(laidAside).toEqual([{ kind: 'agent', name: 'new', version: 2 }])
  expect(await target(3, id)).toMatchObject({ state: 'applied' })
  expect((await runtime.asyncv.releases.state()).current?.hash).toBe(first.release.hash)
  const heads = await db
    .selectFrom('item')
    .select(['name', 'version', 'content', 'deleted_at'])
    .orderBy('name')
    .execute()
  expect(heads).toMatchObject([
    { name: 'helper', version: 3, deleted_at: null },
    { name: 'new', version: 3, deleted_at: expect.any(Number) },
    { name: 'old', version: 3, deleted_at: null },
  ])
  expect(JSON.parse(heads[0]?.content ?? '')).toEqual(agent('helper', 'one'))
  expect(release.items).toEqual([
    { kind: 'agent', name: 'helper', version: 3 },
    { kind: 'agent', name: 'old', version: 3 },
  ])
  // Nothing is left to publish.
  await expect(releases.publish({ items: 'all', summary: 'x' }, ann)).rejects.toMatchObject({ code: 'state_conflict' })
})

test('what a roll-back would do is told before, and changes nothing', async () => {
  const { releases, save, db } = await openBoth()
  await save('agent', 'helper', agent('helper', 'one'))
  await releases.publish({ items: 'all', summary: 'First' }, ann)
  await save('agent', 'helper', agent('helper', 'two'))
  await releases.publish({ items: 'all', summary: 'Second' }, ann)
  await save('agent', 'helper', agent('helper', 'nobody saw this'))
  expect(await releases.foreseeRollBack(1)).toEqual({
    from: 2,
    to: 1,
    changes: [
      {
        kind: 'agent',
        name: 'helper',
        change: 'changed',
        difference: [{ pointer: '/instructions', before: 'two', after: 'one' }],
      },
    ],
    laidAside: [{ kind: 'agent', name: 'helper', version: 3 }],
    verdict: { errors: [], against: [], unchecked: [] },
  })
  expect(await db.selectFrom('item').select('version').executeTakeFirst()).toEqual({ version: 3 })
})

test('what a runtime would refuse of a choice is told before, at the item and the place', async () => {
  const { releases, save, id } = await openBoth()
  await save('agent', 'helper', { ...agent('helper', 'one'), tools: ['no-such-tool'] })
  await save('connector', 'line', { type: 'telegram', options: {} })
  await save('route', 'line', { connector: 'line', agent: 'helper' })
  const helper = { kind: 'agent', name: 'helper' } as const
  const errors = [{ ...helper, pointer: '/tools/0', detail: expect.stringContaining('no-such-tool'), runtime: id }]
  expect(await releases.foresee({ items: [helper] })).toEqual({ errors, against: [id], unchecked: [] })
  const alone = await releases.foresee({ items: [{ kind: 'route', name: 'line' }] })
  expect(alone.errors.map(({ kind, pointer, runtime }) => [kind, pointer, runtime])).toEqual([
    ['route', '/agent', null],
    ['route', '/connector', null],
  ])
  expect((await releases.list({ limit: 1 })).data).toEqual([])
})

test('another version than was looked at is not published', async () => {
  const { releases, save } = await openBoth()
  await save('agent', 'helper', agent('helper', 'one'))
  await save('agent', 'helper', agent('helper', 'two'))
  const seen = (version: number) => ({ items: [{ kind: 'agent' as const, name: 'helper', version }], summary: 'x' })
  await expect(releases.publish(seen(1), ann)).rejects.toMatchObject({ code: 'version_conflict' })
  expect((await releases.publish(seen(2), ann)).release.n).toBe(1)
})

test('any two are compared field by field, and the first with nothing', async () => {
  const { releases, save } = await openBoth()
  await save('agent', 'helper', agent('helper', 'one'))
  await releases.publish({ items: 'all', summary: '1' }, ann)
  await save('agent', 'helper', agent('helper', 'two'))
  await releases.publish({ items: 'all', summary: '2' }, ann)
  await save('agent', 'helper', agent('helper', 'three'))
  await releases.publish({ items: 'all', summary: '3' }, ann)
  const difference = [{ pointer: '/instructions', before: 'three', after: 'one' }]
  expect(await releases.compare({ from: 3, to: 1 })).toEqual({
    from: 3,
    to: 1,
    changes: [{ kind: 'agent', name: 'helper', change: 'changed', difference }],
  })
  expect(await releases.compare({ from: 0, to: 1 })).toMatchObject({ from: null, changes: [{ change: 'created' }] })
  await expect(releases.compare({ from: 1, to: 9 })).rejects.toMatchObject({ code: 'release_unknown' })
})

/** A runtime that takes its time over what it is asked to check, until it is told to go on. */
async function openSlow(key: string) {
  let heard = (): void => {}
  const asked = new Promise<void>((resolve) => (heard = resolve))
  const waiting: ServerResponse[] = []
  const server = createServer((request, response) => {
    if (!request.url?.endsWith('/check')) return void response.writeHead(404).end('{}')
    waiting.push(response)
    heard()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => void server.close())
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key,
    asked,
    goOn: () => waiting.forEach((response) => void response.end('{"problems":[]}')),
  }
}

/** A third release is published, or the first one rolled back to, and a runtime is disconnected while it is asked what it thinks. */
async function thirdWithout(verb: 'publish' | 'rollBack', desk: Desk): Promise<unknown> {
  const { releases, save, connect, disconnect } = desk
  for (const [summary, words] of Object.entries({ First: 'one', Second: 'two' })) {
    await save('agent', 'helper', agent('helper', words))
    await releases.publish({ items: 'all', summary }, ann)
  }
  await save('agent', 'helper', agent('helper', 'three'))
  const slow = await openSlow('avk_slow_slowslow')
  const slowId = await connect('slow', slow.url, slow.key)
  const summary = 'Third'
  const third =
    verb === 'publish' ? releases.publish({ items: 'all', summary }, ann) : releases.rollBack(1, { summary }, ann)
  await slow.asked
  await disconnect(slowId)
  slow.goOn()
  return third
}

test.each(['publish', 'rollBack'] as const)(
  'a runtime that is disconnected while it is asked what it thinks keeps nothing from the others: %s',
  async (verb) => {
    const desk = await openBoth()
    await thirdWithout(verb, desk)
    const { targets } = await desk.releases.get(3)
    expect(targets.map(({ runtime }) => runtime)).toEqual([desk.id])
    expect(await desk.target(3, desk.id)).toMatchObject({ state: 'applied' })
  },
)

test.each(['publish', 'rollBack'] as const)(
  'nothing is published when the only runtime is disconnected while it is asked: %s',
  async (verb) => {
    const desk = await openDesk(':memory:')
    closing.push(() => desk.close())
    await expect(thirdWithout(verb, desk)).rejects.toMatchObject({ code: 'runtime_unknown' })
    expect(desk.announced.filter(({ event }) => event === 'release.published')).toHaveLength(2)
    const [head] = await desk.db.selectFrom('item').select('version').execute()
    expect(head).toEqual({ version: 3 })
    await expect(desk.releases.get(3)).rejects.toMatchObject({ code: 'release_unknown' })
  },
)
