import { problem } from 'asyncv/schemas'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OpenedStudio, openStudio } from './studio.fixture.ts'
import { createStudio } from './studio.ts'

let opened: OpenedStudio
beforeAll(async () => {
  opened = await openStudio()
})
afterAll(() => opened.close())

test('a new Studio has no account', async () => {
  const answer = await fetch(`${opened.url}/api/first-run`)
  expect({ status: answer.status, body: await answer.json() }).toEqual({ status: 200, body: { open: true } })
})

test('a second process is kept out of its database', async () => {
  await expect(createStudio({ database: `${opened.folder}/studio.db` })).rejects.toMatchObject({
    code: 'storage_in_use',
  })
})

test('what is not there is a problem in the form of the runtime’s', async () => {
  const answer = await fetch(`${opened.url}/api/nothing`, { headers: { 'x-request-id': 'mine' } })
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(problem.parse(await answer.json())).toMatchObject({ code: 'route_unknown', status: 404, requestId: 'mine' })
})

test('another method than a route takes is answered with those it takes', async () => {
  const answer = await fetch(`${opened.url}/api/audit`, { method: 'DELETE', headers: { origin: opened.url } })
  expect({ status: answer.status, allow: answer.headers.get('allow') }).toEqual({ status: 405, allow: 'GET, HEAD' })
})

test.each<[string, Record<string, string>]>([
  ['of another site', { origin: 'https://evil.example' }],
  ['of another port', { origin: 'http://127.0.0.1:1' }],
  ['of a sandbox', { origin: 'null' }],
  ['that does not say where it comes from', {}],
])('a request %s changes nothing', async (_, headers) => {
  const answer = await fetch(`${opened.url}/api/first-run`, { method: 'POST', headers })
  expect(await answer.json()).toMatchObject({ status: 403, code: 'origin_refused' })
})

test('a name that was rebound to this machine is refused', async () => {
  const answer = await opened.studio.fetch(
    new Request('http://rebound.example/api/first-run', { headers: { host: 'rebound.example' } }),
  )
  expect(answer.status).toBe(421)
})

test('every answer forbids inline script, framing and sniffing', async () => {
  for (const path of ['/api/first-run', '/api/nothing']) {
    const { headers } = await fetch(opened.url + path)
    expect(headers.get('content-security-policy')).toMatch(
      /script-src 'self'; style-src 'self'; .*frame-ancestors 'none'/,
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  }
})

test('listens on more than this machine only with https in front, or when told so', async () => {
  const address = { host: '0.0.0.0', port: 0 }
  await expect(opened.studio.listen(address)).rejects.toMatchObject({
    code: 'config_invalid',
    hint: expect.stringContaining('--public-url'),
  })
  const listening = await opened.studio.listen({ ...address, allowHttp: true })
  await listening.close({ graceMs: 0 })
})

test('a page of https on another host cannot call what listens without it, and that is said at the start', async () => {
  const other = await openStudio({ appOrigins: ['https://pages.example'] })
  await expect(other.studio.listen({ host: '0.0.0.0', port: 0, allowHttp: true })).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('https://pages.example'),
    hint: expect.stringContaining('--public-url'),
  })
  await other.close()
})

test.each(['studio.example', 'ftp://studio.example', 'https://studio.example/below'])(
  '%s is no public URL',
  async (publicUrl) => {
    await expect(createStudio({ database: ':memory:', publicUrl })).rejects.toMatchObject({ code: 'config_invalid' })
  },
)
