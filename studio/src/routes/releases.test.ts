import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { documentProblems } from 'asyncv/schemas'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Browser, invite, signUp } from '../browser.fixture.ts'
import { openRuntime, type RealRuntime, type Trusted } from '../releases/runtime.fixture.ts'
import { releasePage, wholeStudioRelease } from '../schemas/releases.ts'
import { type OpenedStudio, openStudio } from '../studio.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'asyncv-studio-releases-'))
let opened: OpenedStudio
let ann: Browser
let runtime: RealRuntime
let runtimeId: string
const trusted: Trusted[] = []
beforeAll(async () => {
  opened = await openStudio({ lookEveryMs: 200 })
  ann = await signUp(opened)
  trusted.push((await ann.ask('GET', '/api/identity')).body)
  runtime = await openRuntime(trusted)
  const { url, managementUrl, key } = runtime
  const { body } = await ann.ask('POST', '/api/runtimes', { name: 'here', url, managementUrl, key })
  runtimeId = body.id
}, 60_000)
afterAll(async () => {
  await opened.close()
  await runtime.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** The events of a stream as they come. */
async function* eventsOf(response: Response): AsyncGenerator<{ type: string; state?: string }> {
  let text = ''
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString()
    const frames = text.split('\n\n')
    text = frames.pop() ?? ''
    for (const frame of frames) {
      const data = /^data: (.*)$/m.exec(frame)?.[1]
      if (data !== undefined) yield JSON.parse(data)
    }
  }
}

test('published through the API, it runs; a page that follows hears of each step', async () => {
  const following = await ann.fetch('GET', '/api/events')
  expect(following.headers.get('content-type')).toMatch(/^text\/event-stream/)
  const content = { name: 'helper', model: 'offline/demo' }
  expect((await ann.ask('POST', '/api/items', { kind: 'agent', name: 'helper', content })).status).toBeLessThan(300)
  const made = await ann.ask('POST', '/api/releases', { items: 'all', summary: 'First' })
  expect(made).toMatchObject({ status: 201, body: { release: { n: 1, author: { name: 'Ann' } } } })
  const heard: string[] = []
  for await (const { type, state } of eventsOf(following)) {
    heard.push(state === undefined ? type : `${type} ${state}`)
    if (state === 'applied') break
  }
  expect(heard.filter((one) => one !== 'runtime.changed')).toEqual([
    'item.saved',
    'target.changed pending',
    'release.published',
    'target.changed applied',
  ])
  const { body } = await ann.ask('GET', '/api/releases/1')
  expect(wholeStudioRelease.parse(body).targets).toMatchObject([{ runtime: runtimeId, state: 'applied', revision: 1 }])
  expect(releasePage.parse((await ann.ask('GET', '/api/releases')).body).data).toHaveLength(1)
  expect((await ann.ask('GET', '/api/changes')).body.data).toEqual([])
})

test('what is exported is what "asyncv deploy" takes', async () => {
  const { body, headers } = await ann.ask('GET', '/api/releases/1/export')
  expect(headers.get('content-disposition')).toBe('attachment; filename="asyncv.release-1.json"')
  expect(documentProblems(body)).toEqual([])
  writeFileSync(join(folder, 'release.json'), JSON.stringify(body))
  const { readReleaseFile } = await import('../../../cli/src/release/file.ts')
  const read = await readReleaseFile(join(folder, 'release.json'))
  expect(read.problems).toEqual([])
  expect(read.document).toEqual((await ann.ask('GET', '/api/releases/1')).body.document)
})

test('a number that is none, or of no release, is a problem', async () => {
  expect((await ann.ask('GET', '/api/releases/x')).body).toMatchObject({ code: 'input_invalid' })
  expect((await ann.ask('GET', '/api/releases/99')).body).toMatchObject({ code: 'release_unknown' })
  expect((await ann.ask('GET', '/api/releases/compare?from=0&to=1')).body.changes).toMatchObject([{ name: 'helper' }])
})

test('an editor saves and cannot publish', async () => {
  const editor = await invite(ann, opened.url, 'ed', 'editor')
  const answer = await editor.ask('POST', '/api/releases', { items: 'all', summary: 'x' })
  expect(answer.body).toMatchObject({ status: 403, code: 'forbidden' })
})

test('the stream of a session ends with it', async () => {
  const viewer = await invite(ann, opened.url, 'vi', 'viewer')
  const following = await viewer.fetch('GET', '/api/events')
  const over = (async () => {
    for await (const _ of eventsOf(following));
  })()
  await viewer.ask('POST', '/api/sign-out')
  await over
  expect((await viewer.ask('GET', '/api/events')).status).toBe(401)
})

test('a session follows with so many pages and no more', async () => {
  const viewer = await invite(ann, opened.url, 'many', 'viewer')
  const leaving = new AbortController()
  const all = []
  for (let page = 0; page < 12; page++)
    all.push(await viewer.fetch('GET', '/api/events', undefined, {}, leaving.signal))
  expect((await viewer.ask('GET', '/api/events')).body).toMatchObject({ status: 429, code: 'rate_limited' })
  leaving.abort()
  await expect
    .poll(async () => {
      const last = new AbortController()
      const { status } = await viewer.fetch('GET', '/api/events', undefined, {}, last.signal)
      last.abort()
      return status
    })
    .toBe(200)
})

test('webhooks are made through the API, and their secrets told once', async () => {
  const url = 'https://hooks.example/studio'
  const made = await ann.ask('POST', '/api/webhooks', { url, events: ['release.applied'] })
  expect(made).toMatchObject({ status: 201, body: { url, secret: expect.stringMatching(/^whsec_/) } })
  const { body } = await ann.ask('GET', '/api/webhooks')
  expect(body.data).toMatchObject([{ id: made.body.id, url, last: null }])
  expect(JSON.stringify(body)).not.toContain('whsec_')
  expect((await ann.ask('GET', `/api/webhooks/${made.body.id}/deliveries`)).body).toEqual({
    data: [],
    nextCursor: null,
  })
  expect(
    (await ann.ask('POST', '/api/webhooks', { url: 'http://127.0.0.1/', events: ['release.applied'] })).body,
  ).toMatchObject({ code: 'input_invalid', errors: [{ pointer: '/url' }] })
})
