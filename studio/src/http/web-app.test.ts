import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OpenedStudio, openStudio } from '../studio.fixture.ts'

const app = mkdtempSync(join(tmpdir(), 'asyncv-studio-app-'))
let opened: OpenedStudio
beforeAll(async () => {
  mkdirSync(join(app, 'assets'))
  writeFileSync(join(app, 'index.html'), '<!doctype html><title>Studio</title>')
  writeFileSync(join(app, 'assets/main-abc.js'), 'script')
  writeFileSync(join(app, 'assets/main-abc.js.br'), brotliCompressSync('script'))
  writeFileSync(join(app, '../asyncv-secret'), 'secret')
  opened = await openStudio({ app })
})
afterAll(async () => {
  await opened.close()
  rmSync(app, { recursive: true, force: true })
  rmSync(join(app, '../asyncv-secret'), { force: true })
})

test.each(['/', '/agents', '/agents/a%20b?tab=tools', '/first-run'])('%s is the app’s page', async (path) => {
  const answer = await fetch(opened.url + path)
  expect(await answer.text()).toContain('<title>Studio</title>')
  expect(answer.headers.get('cache-control')).toBe('no-cache')
  expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'")
})

test('a file with its hash in its name is kept for ever, and sent compressed', async () => {
  const answer = await fetch(`${opened.url}/assets/main-abc.js`, { headers: { 'accept-encoding': 'br' } })
  expect(await answer.text()).toBe('script')
  expect(answer.headers.get('content-encoding')).toBe('br')
  expect(answer.headers.get('content-type')).toMatch(/^text\/javascript/)
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
})

test.each(['/assets/old-abc.js', '/api/unknown', '/api'])('%s is not the page', async (path) => {
  expect((await fetch(opened.url + path)).status).toBe(404)
})

test.each(['/..%2fasyncv-secret', '/assets/..%2f..%2fasyncv-secret', '/%2e%2e/asyncv-secret'])(
  '%s leads out of nothing',
  async (path) => {
    expect(await (await fetch(opened.url + path)).text()).not.toContain('secret"')
    const answer = await opened.studio.fetch(new Request(`http://127.0.0.1${path}`, { headers: { host: '127.0.0.1' } }))
    expect(await answer.text()).not.toBe('secret')
  },
)

test('an app that is not built says how to build it', async () => {
  const other = await openStudio({ app: join(app, 'nothing') })
  expect(await (await fetch(other.url)).json()).toMatchObject({ hint: expect.stringContaining('npm run build') })
  await other.close()
})
