import { generateKeyPairSync } from 'node:crypto'
import { createAsyncv, defineTool, hashOf, keyFingerprint, publicKeyFrom, signEnvelope } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { releaseState, wholeRelease } from 'asyncv/schemas'
import { scripted } from 'asyncv/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { listenersOf, operatorKey } from './listeners.fixture.ts'
import { problemOf } from './service.fixture.ts'

const privateKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const publicKey = publicKeyFrom(privateKey)
const trusted = { name: 'command', publicKey, fingerprint: keyFingerprint(publicKey), addedAt: 0 }
const lookup = defineTool({ name: 'lookup', description: 'x', input: z.object({}), effect: 'read', run: () => 'found' })
const asyncv = createAsyncv({
  storage: sqlite(':memory:'),
  agents: [],
  tools: [lookup],
  providers: { looking: scripted([{ toolCalls: [{ name: 'lookup', args: {} }] }, 'done']) },
  releases: { trust: { publishers: () => [trusted] } },
})
const listeners = listenersOf(asyncv)
let sequence = 0

function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  return fetch(`${listeners.management.url}/admin/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${operatorKey}`, 'Content-Type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

const saying = (instructions: string) => ({
  schemaVersion: 1,
  agents: [{ name: 'helper', model: 'offline/demo', instructions }],
})

async function signed(document: object, change: Record<string, unknown> = {}) {
  const { runtime: audience, current } = await asyncv.releases.state()
  sequence += 1
  const parentHash = current?.hash ?? null
  const unsigned = { hash: hashOf(document), parentHash, audience, publisher: 'command', sequence, createdAt: 1 }
  return { envelope: signEnvelope({ ...unsigned, ...change }, privateKey), document }
}

test('a publisher sees whether it is trusted, by its fingerprint', async () => {
  const { trusted: seen } = releaseState.parse(await (await ask('GET', '/release')).json())
  expect(seen).toEqual([{ name: 'command', fingerprint: trusted.fingerprint }])
})

test('a release is put in force, told of, repeated and listed, with its hash as ETag', async () => {
  const before = await ask('GET', '/release')
  expect(before.headers.get('etag')).toBeNull()
  expect(releaseState.parse(await before.json())).toMatchObject({ current: null, fileInForce: null, problems: null })
  const first = await signed(saying('one'))
  const put = await ask('PUT', '/release', first, { 'If-None-Match': '*' })
  expect(put.status).toBe(200)
  const etag = `"${first.envelope.hash}"`
  expect(put.headers.get('etag')).toBe(etag)
  const applied = wholeRelease.parse(await put.json())
  expect(applied).toMatchObject({ revision: 1, by: { id: 'operator', name: null }, document: first.document })
  // The answer may have been lost: the request is sent as it was.
  const again = await ask('PUT', '/release', first, { 'If-None-Match': '*' })
  expect(await again.json()).toEqual(applied)
  const now = await ask('GET', '/release')
  expect(now.headers.get('etag')).toBe(etag)
  expect(releaseState.parse(await now.json()).current).toEqual(applied)
  const second = await ask('PUT', '/release', await signed(saying('two')), { 'If-Match': etag })
  expect(second.status).toBe(200)
  const { document: _, ...summary } = applied
  const list = (await (await ask('GET', '/releases')).json()) as { data: { revision: number }[] }
  expect(list.data.map(({ revision }) => revision)).toEqual([2, 1])
  expect(list.data[1]).toEqual(summary)
  expect(await (await ask('GET', '/releases/1')).json()).toEqual(applied)
  expect(await problemOf(await ask('GET', '/releases/9'))).toMatchObject({ status: 404, code: 'release_unknown' })
  expect(await problemOf(await ask('GET', '/releases/x'))).toMatchObject({ status: 400, code: 'input_invalid' })
  const agents = (await (await fetch(`${listeners.runtime.url}/v1/agents`)).json()) as { data: { name: string }[] }
  expect(agents.data.map(({ name }) => name)).toEqual(['helper'])
})

test('a document is checked without being applied, with problems at their places', async () => {
  const fine = await ask('POST', '/release/check', { document: saying('x') })
  expect(await fine.json()).toMatchObject({ problems: [], hash: hashOf(saying('x')) })
  const wrong = await ask('POST', '/release/check', { document: { schemaVersion: 1, agents: [{ name: 'a' }], x: 1 } })
  expect(wrong.status).toBe(200)
  expect(await wrong.json()).toMatchObject({
    problems: [
      { pointer: '/agents/0/model' },
      {
        pointer: '/x',
        detail: 'no schemaVersion up to 1 has this field. Known: schemaVersion, agents, routes, providers, connectors.',
      },
    ],
  })
})

test('what is refused says why, at its place where it has one', async () => {
  const { current } = await asyncv.releases.state()
  const put = async (body: unknown, headers = {}) => problemOf(await ask('PUT', '/release', body, headers))
  const unknown = { ...saying('x'), agents: [{ name: 'helper', model: 'nowhere/x' }] }
  expect(await put(await signed(unknown))).toMatchObject({
    status: 422,
    code: 'release_invalid',
    errors: [{ pointer: '/agents/0/model/0' }],
  })
  const good = await signed(saying('x'))
  expect(await put(good, { 'If-Match': `"sha256:${'0'.repeat(64)}"` })).toMatchObject({
    status: 412,
    code: 'release_changed',
  })
  expect(await put(good, { 'If-None-Match': '*' })).toMatchObject({ status: 412 })
  expect(await put(good, { 'If-Match': 'sesame' })).toMatchObject({ status: 400, code: 'input_invalid' })
  expect(await put(await signed(saying('x'), { parentHash: null }))).toMatchObject({
    status: 409,
    code: 'release_stale',
  })
  expect(await put({ ...good, document: saying('y') })).toMatchObject({ status: 403, code: 'release_untrusted' })
  expect(await put({ envelope: {}, document: {} })).toMatchObject({ status: 400, errors: expect.any(Array) as unknown })
  expect(await put({ ...good, more: 1 })).toMatchObject({ status: 400, errors: [{ pointer: '/more' }] })
  const old = await signed(saying('x'), { sequence: 1 })
  expect(await put(old)).toMatchObject({ status: 409, code: 'release_stale' })
  expect((await asyncv.releases.state()).current).toEqual(current)
  const forced = await ask('PUT', '/release?force=true', old)
  expect(await forced.json()).toMatchObject({ forced: true, revision: 3 })
})

test('the routes do not exist on the runtime port', async () => {
  for (const path of ['/admin/v1/release', '/admin/v1/releases', '/admin/v1/release/check']) {
    const answer = await fetch(`${listeners.runtime.url}${path}`, {
      headers: { Authorization: `Bearer ${operatorKey}` },
    })
    expect(answer.status).toBe(404)
  }
})

test('a draft is previewed as a stream, and refused before it begins', async () => {
  const body = { document: saying('x'), text: 'hi' }
  const answer = await ask('POST', '/preview', body)
  expect(answer.headers.get('content-type')).toContain('text/event-stream')
  const frames = await answer.text()
  expect(frames).toContain('event: text.delta\n')
  const last = /event: preview\.finished\ndata: (.*)\n/.exec(frames)?.[1]
  expect(JSON.parse(last ?? '')).toMatchObject({ type: 'preview.finished', text: expect.any(String) as unknown })
  const wrong = { ...body, document: { schemaVersion: 1, x: 1 } }
  expect(await problemOf(await ask('POST', '/preview', wrong))).toMatchObject({
    status: 422,
    code: 'release_invalid',
    errors: [{ pointer: '/x' }],
  })
  expect(await problemOf(await ask('POST', '/preview', { ...body, agent: 'nobody' }))).toMatchObject({ status: 404 })
})

test('a change of the trust list is written down when the list says so, and the route changes nothing there', async () => {
  const { publicKey: _, addedAt: __, name: publisher, ...known } = trusted
  const change = { action: 'trust.added', publisher, ...known }
  expect((await ask('POST', '/trust/changes', change)).status).toBe(200)
  const [entry] = (await asyncv.audit.list({ action: 'trust.added' })).data
  expect(entry).toMatchObject({ actor: { id: 'operator' }, target: 'command', beforeHash: null })
  for (const untrue of [
    { ...change, action: 'trust.removed' },
    { ...change, publisher: 'mallory' },
  ]) {
    expect(await problemOf(await ask('POST', '/trust/changes', untrue))).toMatchObject({
      status: 409,
      code: 'state_conflict',
    })
  }
  expect((await ask('POST', '/trust/changes', { ...change, publicKey })).status).toBe(400)
  expect((await asyncv.audit.list({ action: 'trust.removed' })).data).toEqual([])
})

test('metrics know the tools of the release that is in force', async () => {
  const metrics = async () => (await fetch(`${listeners.runtime.url}/metrics`)).text()
  await metrics()
  const agents = [{ name: 'helper', model: 'looking/m', tools: ['lookup'] }]
  expect((await ask('PUT', '/release', await signed({ schemaVersion: 1, agents }))).status).toBe(200)
  await asyncv.send({ agent: 'helper', text: 'hi' })
  expect(await metrics()).toContain('asyncv_tool_call_seconds_count{tool="lookup",outcome="ok"} 1')
})
