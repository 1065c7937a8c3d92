import { afterAll, expect, test } from 'vitest'
import { tokenHash } from '../accounts/token.ts'
import { browserOf } from '../browser.fixture.ts'
import { access } from '../routes/access.ts'
import type { Role } from '../schemas/role.ts'
import { openService } from './service.fixture.ts'

const service = await openService()
const stranger = await openService()
afterAll(() => Promise.all([service.close(), stranger.close()]))

/** From who may least to who may most. Not the service's own list: that one is judged here. */
const roles: Role[] = ['viewer', 'editor', 'operator', 'admin']
const reaches = (role: Role, least: Role): boolean => roles.indexOf(role) >= roles.indexOf(least)

const closed = service.routes.filter((route) => access[route] !== 'open')

/** A request to a route, with a body that none takes: who may not is told so before it is read. */
function requestTo(route: string): [method: string, path: string, body: unknown] {
  const [method = '', path = ''] = route.replace('ALL', 'GET').split(' ')
  return [method, path.replaceAll(/:\w+/g, 'unknown'), method === 'GET' ? undefined : { nothing: 'known' }]
}

/** The status, and the code of a problem; an answer without an end is left. */
async function answerTo(route: string, browser: ReturnType<typeof browserOf>, method?: string) {
  const [usual, path, body] = requestTo(route)
  const left = new AbortController()
  const response = await browser.fetch(method ?? usual, path, method === undefined ? body : undefined, {}, left.signal)
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true
  const code = isProblem && method === undefined ? ((await response.json()) as { code: string }).code : null
  left.abort()
  return { status: response.status, code }
}

test.each(closed)('%s is for its role and those above', async (route) => {
  for (const role of roles) {
    const { status, code } = await answerTo(route, await service.as(role))
    if (reaches(role, access[route] as Role)) expect([401, 403], `as ${role}`).not.toContain(status)
    else expect({ role, status, code }).toEqual({ role, status: 403, code: 'forbidden' })
  }
})

test.each(closed.filter((route) => route.startsWith('GET')))('HEAD shows of %s no more than GET', async (route) => {
  for (const role of roles) {
    const { status } = await answerTo(route, await service.as(role), 'HEAD')
    if (!reaches(role, access[route] as Role)) expect({ role, status }).toEqual({ role, status: 403 })
  }
  expect((await answerTo(route, browserOf(service.url), 'HEAD')).status).toBe(401)
})

const expired = await service.as('admin')
const hash = tokenHash(expired.cookies.get('asyncv_studio') ?? '')
await service.db.updateTable('session').set({ expires_at: 1 }).where('token_hash', '=', hash).execute()
const lasting = tokenHash(service.admin.cookies.get('asyncv_studio') ?? '')
const cookies: [name: string, cookie: string][] = [
  ['no cookie', ''],
  ['an empty session', 'asyncv_studio='],
  ['a session that was made up', `asyncv_studio=${'x'.repeat(43)}`],
  ['a session that is over', `asyncv_studio=${expired.cookies.get('asyncv_studio')}`],
  ['a session of another Studio', `asyncv_studio=${stranger.admin.cookies.get('asyncv_studio')}`],
  ['what the database has of a session', `asyncv_studio=${lasting}`],
  ['the cookie of a device', `asyncv_studio=${service.admin.cookies.get('asyncv_studio_device')}`],
  ['a session of another name', `ASYNCV_STUDIO=${stranger.admin.cookies.get('asyncv_studio')}`],
  ['a session with an end put in', `asyncv_studio=${'x'.repeat(20)}%00%0d%0aset-cookie:a=b`],
  ['a key of a runtime', `asyncv_studio=avk_admin_${'a'.repeat(43)}`],
]
test.each(cookies)('%s opens nothing', async (_, cookie) => {
  const browser = browserOf(service.url)
  for (const route of closed) {
    const [method, path, body] = requestTo(route)
    const { status } = await browser.fetch(method, path, body, { cookie, authorization: 'Bearer x' })
    expect({ route, status }).toEqual({ route, status: 401 })
  }
})

test.each([
  ['POST', '/api/users/unknown', { 'x-http-method-override': 'DELETE' }],
  ['POST', '/api/users/unknown?_method=DELETE', {}],
  ['POST', '/api/releases/1', { 'x-method-override': 'PUT' }],
  ['POST', '/api/items/agent/a', { 'x-http-method': 'DELETE' }],
])('%s %s is the method that it says', async (method, path, headers) => {
  const { status, body } = await service.admin.ask(method, path, {}, headers)
  // Answered before anybody is asked who they are: there is no such route.
  expect({ status, code: body.code }).toEqual({ status: 405, code: 'method_refused' })
})

test('a GET that asks to be another method reads', async () => {
  const viewer = await service.as('viewer')
  const { status } = await viewer.ask('GET', '/api/items?_method=POST', undefined, { 'x-http-method-override': 'POST' })
  expect([200, 400]).toContain(status)
})
