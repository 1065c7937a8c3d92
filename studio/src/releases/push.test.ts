import { mkdtempSync, rmSync, copyFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { freePort } from '../../../test/free-port.fixture.ts'
import { listItems } from '../items/read.ts'
import { openRuntime, type RealRuntime, type Trusted } from './runtime.fixture.ts'
import { ann, type Desk, openDesk } from './desk.fixture.ts'
import { dueTargets } from './due-targets.ts'

const folder = mkdtempSync(join(tmpdir(), 'asyncv-studio-push-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

let files = 0
const newFile = (): string => join(folder, `${files++}.db`)
const agent = (instructions: string) => ({ name: 'helper', model: 'offline/demo', instructions })

async function deskAt(file: string, options: Parameters<typeof openDesk>[1] = {}): Promise<Desk> {
  const desk = await openDesk(file, options)
  let open = true
  const close = async (): Promise<void> => {
    if (open) await desk.close()
    open = false
  }
  closing.push(close)
  return { ...desk, close }
}

async function runtimeFor(
  desk: Desk,
  options: Parameters<typeof openRuntime>[1] = {},
): Promise<RealRuntime & { id: string; trusted: Trusted[] }> {
  const trusted: Trusted[] = [desk.identity.shown]
  const runtime = await openRuntime(trusted, options)
  closing.push(() => runtime.stop())
  const id = await desk.connect(`r${files++}`, runtime.managementUrl, runtime.key)
  return { ...runtime, id, trusted }
}

async function publish(desk: Desk, instructions: string, more: { force?: boolean } = {}): Promise<number> {
  await desk.save('agent', 'helper', agent(instructions))
  const { release } = await desk.releases.publish({ items: 'all', summary: instructions, ...more }, ann)
  return release.n
}

/** A runtime that had a release of one Studio, and then one of another. */
async function overtaken() {
  const desk = await deskAt(':memory:', { lookEveryMs: 50 })
  const other = await deskAt(':memory:')
  const runtime = await runtimeFor(desk)
  runtime.trusted.push(other.identity.shown)
  const n = await publish(desk, 'one')
  await desk.target(n, runtime.id)
  const id = await other.connect('same', runtime.managementUrl, runtime.key)
  await other.target(await publish(other, 'theirs'), id)
  return { desk, runtime, n, other, id }
}

test('of two runtimes the one that answers has it, and the other gets it when it comes up', async () => {
  const desk = await deskAt(':memory:')
  const up = await runtimeFor(desk)
  const port = await freePort()
  const downId = await desk.connect('down', `http://127.0.0.1:${port}`, up.key)
  const n = await publish(desk, 'one')
  expect(await desk.target(n, up.id)).toMatchObject({ state: 'applied' })
  const waiting = await desk.target(n, downId, ({ attempts }) => attempts > 0)
  expect(waiting).toMatchObject({ state: 'pending', problem: { code: 'runtime_unreachable' } })
  expect(waiting.nextAt).toBeGreaterThan(Date.now() - 1_000)
  const late = await openRuntime([desk.identity.shown], { port })
  closing.push(() => late.stop())
  expect(await desk.target(n, downId)).toMatchObject({ state: 'applied', revision: 1, attempts: 0, problem: null })
})

test('what waits when the clock is set back waits no longer for that', async () => {
  const desk = await deskAt(':memory:')
  const port = await freePort()
  const id = await desk.connect('down', `http://127.0.0.1:${port}`, `avk_operator_${'o'.repeat(43)}`)
  const n = await publish(desk, 'one')
  await desk.target(n, id, ({ attempts }) => attempts > 0)
  const { due } = await dueTargets(desk.db, Date.now() - 365 * 24 * 3_600_000)
  expect(due).toMatchObject([{ release: n, runtime: id }])
})

test('a newer release takes the place of one that still waits', async () => {
  const desk = await deskAt(':memory:')
  const port = await freePort()
  const id = await desk.connect('down', `http://127.0.0.1:${port}`, `avk_operator_${'o'.repeat(43)}`)
  const first = await publish(desk, 'one')
  const second = await publish(desk, 'two')
  expect(await desk.target(first, id)).toMatchObject({ state: 'superseded', nextAt: null })
  const late = await openRuntime([desk.identity.shown], { port })
  closing.push(() => late.stop())
  expect(await desk.target(second, id)).toMatchObject({ state: 'applied', revision: 1 })
  expect(await late.applied()).toHaveLength(1)
})

test('a release that nobody trusts yet is refused with the way out, and goes after that', async () => {
  const desk = await deskAt(':memory:')
  const runtime = await runtimeFor(desk)
  const [self] = runtime.trusted.splice(0)
  const n = await publish(desk, 'one')
  expect(await desk.target(n, runtime.id)).toMatchObject({
    state: 'refused',
    problem: { code: 'release_untrusted', hint: expect.stringContaining('asyncv trust'), wayOut: 'retry' },
  })
  expect(desk.announced.at(-1)).toMatchObject({ event: 'release.refused', data: { code: 'release_untrusted' } })
  runtime.trusted.push(self!)
  await desk.releases.retry({ release: n, runtime: runtime.id }, { force: false }, ann)
  expect(await desk.target(n, runtime.id)).toMatchObject({ state: 'applied', problem: null })
})

test('an item is told to be refused where it is not in force because of that, and nowhere else', async () => {
  const desk = await deskAt(':memory:')
  const runtime = await runtimeFor(desk)
  await desk.save('agent', 'steady', { name: 'steady', model: 'offline/demo', instructions: 'Stay.' })
  await desk.target(await publish(desk, 'one'), runtime.id)
  const refusedBy = async () =>
    (await listItems(desk.db, { search: '', deleted: 'false' })).map(({ name, refusedBy }) => [name, refusedBy])
  expect(await refusedBy()).toEqual([
    ['helper', []],
    ['steady', []],
  ])
  const trusted = runtime.trusted.splice(0)
  expect(await desk.target(await publish(desk, 'two'), runtime.id)).toMatchObject({ state: 'refused' })
  const { name } = await desk.db.selectFrom('runtime').select('name').executeTakeFirstOrThrow()
  expect(await refusedBy()).toEqual([
    ['helper', [name]],
    ['steady', []],
  ])
  runtime.trusted.push(...trusted)
  await desk.target(await publish(desk, 'three'), runtime.id)
  expect(await refusedBy()).toContainEqual(['helper', []])
})

test('of a deleted item it is told which runtimes refused to be without it', async () => {
  const desk = await deskAt(':memory:')
  const runtime = await runtimeFor(desk)
  await desk.save('agent', 'leaving', { name: 'leaving', model: 'offline/demo', instructions: 'Stay.' })
  await desk.target(await publish(desk, 'one'), runtime.id)
  const deleted = async () => (await listItems(desk.db, { search: '', deleted: 'true' })).map((item) => item.refusedBy)
  await desk.save('agent', 'leaving', null)
  const trusted = runtime.trusted.splice(0)
  await desk.target(await publish(desk, 'two'), runtime.id)
  const { name } = await desk.db.selectFrom('runtime').select('name').executeTakeFirstOrThrow()
  expect(await deleted()).toEqual([[name]])
  runtime.trusted.push(...trusted)
  await desk.target(await publish(desk, 'three'), runtime.id)
  expect(await deleted()).toEqual([[]])
})

test('a refused release keeps what is wrong at its field', async () => {
  const desk = await deskAt(':memory:')
  const port = await freePort()
  // Nobody can be asked before.
  const id = await desk.connect('later', `http://127.0.0.1:${port}`, `avk_operator_${'o'.repeat(43)}`)
  await desk.save('agent', 'helper', { ...agent('one'), tools: ['no-such-tool'] })
  const { release, unchecked } = await desk.releases.publish({ items: 'all', summary: 'x' }, ann)
  expect(unchecked).toEqual([id])
  const runtime = await openRuntime([desk.identity.shown], { port })
  closing.push(() => runtime.stop())
  expect(await desk.target(release.n, id)).toMatchObject({
    state: 'refused',
    problem: {
      code: 'release_invalid',
      errors: [
        {
          kind: 'agent',
          name: 'helper',
          pointer: expect.stringMatching(/^\/tools/),
          detail: expect.stringContaining('no-such-tool'),
        },
      ],
    },
  })
  expect(await runtime.applied()).toEqual([])
})

test('a runtime that was changed by somebody else is drifted, and published to again when asked', async () => {
  const { desk, runtime, n, other } = await overtaken()
  const drifted = await desk.target(n, runtime.id, ({ state }) => state === 'drifted')
  expect(drifted.problem).toMatchObject({
    code: 'release_drifted',
    wayOut: 'force',
    inForce: { revision: 2, publisher: other.identity.shown.publisher },
  })
  // What they did is not undone by accident.
  const second = await publish(desk, 'two')
  expect(await desk.target(second, runtime.id)).toMatchObject({ state: 'drifted', revision: null })
  expect(await runtime.applied()).toHaveLength(2)
  await desk.releases.retry({ release: second, runtime: runtime.id }, { force: true }, ann)
  expect(await desk.target(second, runtime.id)).toMatchObject({ state: 'applied', revision: 3 })
  expect((await runtime.applied()).map(({ forced }) => forced)).toEqual([false, false, false])
})

test('what somebody else published there is taken over by publishing the same', async () => {
  const { desk, runtime, n } = await overtaken()
  await desk.target(n, runtime.id, ({ state }) => state === 'drifted')
  expect(await desk.target(await publish(desk, 'theirs'), runtime.id)).toMatchObject({ state: 'applied' })
  expect((await runtime.applied()).at(-1)?.publisher).toBe(desk.identity.shown.publisher)
})

test('a drift is told once, and is over when the runtime has again what it had', async () => {
  const { desk, runtime, n, other, id } = await overtaken()
  await desk.target(n, runtime.id, ({ state }) => state === 'drifted')
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(desk.announced.filter(({ event }) => event === 'release.drifted')).toHaveLength(1)
  await other.target(await publish(other, 'one'), id)
  expect(await desk.target(n, runtime.id, ({ state }) => state === 'applied')).toMatchObject({ problem: null })
})

test('a Studio from an old backup moves nothing back, unless it is forced', async () => {
  const file = newFile()
  const before = await deskAt(file)
  const runtime = await runtimeFor(before)
  await before.target(await publish(before, 'one'), runtime.id)
  await before.close()
  copyFileSync(file, `${file}.backup`)
  const lost = await deskAt(file)
  await lost.target(await publish(lost, 'two'), runtime.id)
  await lost.target(await publish(lost, 'three'), runtime.id)
  await lost.close()

  const restored = await deskAt(`${file}.backup`)
  const n = await publish(restored, 'from the past')
  expect(await restored.target(n, runtime.id)).toMatchObject({
    state: 'refused',
    problem: { code: 'release_rewound', wayOut: 'force', inForce: { revision: 3 } },
  })
  await restored.releases.retry({ release: n, runtime: runtime.id }, { force: false }, ann)
  expect(await restored.target(n, runtime.id)).toMatchObject({ state: 'refused' })
  expect(await runtime.applied()).toHaveLength(3)
  await restored.releases.retry({ release: n, runtime: runtime.id }, { force: true }, ann)
  expect(await restored.target(n, runtime.id)).toMatchObject({ state: 'applied', revision: 4 })
  expect((await runtime.applied()).at(-1)).toMatchObject({ forced: true })
  const entries = await restored.db.selectFrom('audit').select(['action', 'actor_name']).orderBy('n').execute()
  expect(entries).toContainEqual({ action: 'release.forced', actor_name: 'ann' })
  // It counts on from there, and needs no force again.
  expect(await restored.target(await publish(restored, 'on'), runtime.id)).toMatchObject({ state: 'applied' })
  expect((await runtime.applied()).at(-1)).toMatchObject({ forced: false })
})

test('an envelope that somebody has kept is good for nothing later', async () => {
  const desk = await deskAt(':memory:')
  const runtime = await runtimeFor(desk)
  await desk.target(await publish(desk, 'one'), runtime.id)
  await desk.target(await publish(desk, 'two'), runtime.id)
  const first = await desk.releases.get(1)
  const { envelope } = await desk.db
    .selectFrom('release_target')
    .select('envelope')
    .where('release', '=', 1)
    .executeTakeFirstOrThrow()
  const replay = fetch(`${runtime.managementUrl}/admin/v1/release`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${runtime.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ envelope: JSON.parse(envelope ?? ''), document: first.document }),
  })
  expect((await replay).status).toBe(409)
  expect(await runtime.applied()).toHaveLength(2)
})

test('another runtime in the place of the one that had it is told as that, and gets nothing by accident', async () => {
  const desk = await deskAt(':memory:')
  const port = await freePort()
  const first = await openRuntime([desk.identity.shown], { port })
  const id = await desk.connect('here', first.managementUrl, first.key)
  await desk.target(await publish(desk, 'one'), id)
  await first.stop()
  const another = await openRuntime([desk.identity.shown], { port })
  closing.push(() => another.stop())
  const n = await publish(desk, 'two')
  expect(await desk.target(n, id)).toMatchObject({
    state: 'drifted',
    problem: { code: 'release_drifted', detail: expect.stringContaining('Another runtime answers'), wayOut: 'force' },
  })
  expect(await another.applied()).toEqual([])
  await desk.releases.retry({ release: n, runtime: id }, { force: true }, ann)
  expect(await desk.target(n, id)).toMatchObject({ state: 'applied', revision: 1 })
})

test('a runtime that was taken off and put on again is counted on for', async () => {
  const desk = await deskAt(':memory:')
  const runtime = await runtimeFor(desk)
  await desk.target(await publish(desk, 'one'), runtime.id)
  await desk.db.deleteFrom('runtime').execute()
  const id = await desk.connect('again', runtime.managementUrl, runtime.key)
  expect(await desk.target(await publish(desk, 'two'), id)).toMatchObject({ state: 'applied', revision: 2 })
})

test('a runtime that was connected later gets the newest release when asked, and an older one is refused', async () => {
  const desk = await deskAt(':memory:')
  await publish(desk, 'one')
  const n = await publish(desk, 'two')
  const runtime = await runtimeFor(desk)
  await desk.releases.retry({ release: n, runtime: runtime.id }, { force: false }, ann)
  expect(await desk.target(n, runtime.id)).toMatchObject({ state: 'applied' })
  await expect(desk.releases.retry({ release: 1, runtime: runtime.id }, { force: false }, ann)).rejects.toMatchObject({
    code: 'state_conflict',
  })
})

/** Takes no release, and says why in these words. */
async function openRefusing(why: string): Promise<string> {
  const errors = Array.from({ length: 1_000 }, (_, n) => ({ pointer: `/agents/${n}`, detail: 'No' }))
  const problem = {
    type: 'about:blank',
    title: 'No',
    status: 422,
    code: 'release_invalid',
    requestId: 'r',
    detail: why,
  }
  const answers = [
    [/^PUT/, { ...problem, errors }],
    [/check$/, { problems: [] }],
    [/releases/, { data: [], nextCursor: null }],
    [/./, { runtime: 'words', current: null, sequences: [], problems: null }],
  ] as const
  const server = createServer((request, response) => {
    const asked = `${request.method} ${request.url}`
    const body = JSON.stringify(answers.find(([pattern]) => pattern.test(asked))?.[1])
    request.resume().on('end', () => {
      response.writeHead(request.method === 'PUT' ? 422 : 200, { 'content-type': 'application/json' }).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test.each([
  ['end in the middle of a letter', 'It does not like your \ud83d', 'It does not like your \ufffd'],
  ['have no end', 'x'.repeat(1_000_000), 'x'.repeat(2_000)],
])('a refusal in words that %s is one, and is kept as far as it can be', async (_, why, kept) => {
  const desk = await deskAt(':memory:')
  const id = await desk.connect('words', await openRefusing(why), 'avk_words_wordswords')
  const n = await publish(desk, 'one')
  const { state, problem } = await desk.target(n, id)
  expect({ state, detail: problem?.detail }).toEqual({ state: 'refused', detail: kept })
  expect(problem?.errors?.length).toBeLessThanOrEqual(200)
  const log = await desk.db.selectFrom('audit').select('detail').where('action', '=', 'release.refused').execute()
  expect(log.map(({ detail }) => JSON.parse(detail ?? '').reason)).toEqual([kept])
})
