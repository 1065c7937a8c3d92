import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Browser, browserOf, invite, passwordOf, signUp } from '../browser.fixture.ts'
import { type OpenedStudio, openStudio } from '../studio.fixture.ts'

let opened: OpenedStudio
let ann: Browser
let now = 1_750_000_000_000
beforeAll(async () => {
  opened = await openStudio({ now: () => now })
  ann = await signUp(opened)
})
afterAll(() => opened.close())

const signIn = (browser: Browser, login: string, password = passwordOf(login)) =>
  browser.ask('POST', '/api/sign-in', { login, password })

test('the first account is an administrator, and signed in', async () => {
  const { status, body } = await ann.ask('GET', '/api/me')
  expect(status).toBe(200)
  expect(body).toEqual({
    user: { id: expect.any(String), login: 'ann', name: 'Ann', role: 'admin', language: null, theme: null },
  })
})

test('the link is gone with the first account', async () => {
  expect(await opened.studio.firstRunPath()).toBeNull()
  expect((await browserOf(opened.url).ask('GET', '/api/first-run')).body).toEqual({ open: false })
})

test('a link that was guessed makes no account', async () => {
  const other = await openStudio()
  const guess = { token: 'guess', login: 'eve', name: 'Eve', password: passwordOf('eve') }
  const { status, body } = await browserOf(other.url).ask('POST', '/api/first-run', guess)
  expect({ status, code: body.code }).toEqual({ status: 403, code: 'link_invalid' })
  await other.close()
})

test('the cookie is out of reach of scripts and of other sites', async () => {
  const { headers } = await signIn(browserOf(opened.url), 'ann')
  for (const cookie of headers.getSetCookie()) expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/)
})

test('behind https the cookie leaves by https alone, and the public origin is Studio’s own', async () => {
  const other = await openStudio({ publicUrl: 'https://studio.example' })
  const token = (await other.studio.firstRunPath())?.split('#')[1]
  const answer = await other.studio.fetch(
    new Request('http://127.0.0.1/api/first-run', {
      method: 'POST',
      headers: { host: 'studio.example', origin: 'https://studio.example', 'content-type': 'application/json' },
      body: JSON.stringify({ token, login: 'ann', name: 'Ann', password: passwordOf('ann') }),
    }),
  )
  const cookies = answer.headers.getSetCookie()
  expect(cookies).toHaveLength(2)
  // A host below the same domain can set no cookie of such a name for this one.
  for (const cookie of cookies) expect(cookie).toMatch(/^__Host-asyncv_studio.*; Path=\/; .*Secure/)
  await other.close()
})

test('a wrong password and an unknown login are answered alike', async () => {
  const wrong = await signIn(browserOf(opened.url), 'ann', 'not her password')
  const unknown = await signIn(browserOf(opened.url), 'nobody')
  const seen = ({ status, body: { requestId, ...body } }: typeof wrong) => ({ status, body })
  expect(seen(wrong)).toEqual(seen(unknown))
  expect(wrong.status).toBe(401)
})

test('a login is the same in capitals', async () => {
  expect((await signIn(browserOf(opened.url), ' ANN ', passwordOf('ann'))).status).toBe(200)
})

test('whoever signs in again is out of the session before', async () => {
  const browser = browserOf(opened.url)
  await signIn(browser, 'ann')
  const before = browserOf(opened.url)
  before.cookies.set('asyncv_studio', browser.cookies.get('asyncv_studio') ?? '')
  await signIn(browser, 'ann')
  expect((await before.ask('GET', '/api/me')).status).toBe(401)
  expect((await browser.ask('GET', '/api/me')).status).toBe(200)
})

test('whoever signs out is out, and the token opens nothing any more', async () => {
  const browser = browserOf(opened.url)
  await signIn(browser, 'ann')
  const token = browser.cookies.get('asyncv_studio') ?? ''
  expect((await browser.ask('POST', '/api/sign-out')).status).toBe(204)
  expect(browser.cookies.has('asyncv_studio')).toBe(false)
  browser.cookies.set('asyncv_studio', token)
  expect((await browser.ask('GET', '/api/me')).body).toMatchObject({ status: 401, code: 'unauthenticated' })
})

test('a session that nobody uses is over in twelve hours, one in use after a week', async () => {
  const idle = browserOf(opened.url)
  const used = browserOf(opened.url)
  await signIn(idle, 'ann')
  await signIn(used, 'ann')
  const statuses: number[] = []
  const hour = 3_600_000
  for (let hours = 0; hours < 7 * 24; hours += 8) {
    now += 8 * hour
    statuses.push((await used.ask('GET', '/api/me')).status)
    if (hours === 8) expect((await idle.ask('GET', '/api/me')).status).toBe(401)
  }
  expect(new Set(statuses.slice(0, -1))).toEqual(new Set([200]))
  expect(statuses.at(-1)).toBe(401)
  await signIn(ann, 'ann')
})

test('a session that is used when the clock was set back is over twelve hours after that', async () => {
  const browser = browserOf(opened.url)
  await signIn(browser, 'ann')
  const hour = 3_600_000
  now -= 24 * hour
  expect((await browser.ask('GET', '/api/me')).status).toBe(200)
  now += 13 * hour
  expect((await browser.ask('GET', '/api/me')).status).toBe(401)
  now += 11 * hour
  await signIn(ann, 'ann')
})

test('a new password ends the other sessions, and the old one opens nothing', async () => {
  const bo = await invite(ann, opened.url, 'bo', 'editor')
  const elsewhere = browserOf(opened.url)
  await signIn(elsewhere, 'bo')
  const next = 'an entirely new password'
  expect((await bo.ask('PUT', '/api/me/password', { current: 'wrong', next })).body).toMatchObject({
    code: 'input_invalid',
    errors: [{ pointer: '/current' }],
  })
  expect((await bo.ask('PUT', '/api/me/password', { current: passwordOf('bo'), next })).status).toBe(200)
  expect((await bo.ask('GET', '/api/me')).status).toBe(200)
  expect((await elsewhere.ask('GET', '/api/me')).status).toBe(401)
  expect((await signIn(browserOf(opened.url), 'bo')).status).toBe(401)
  expect((await signIn(browserOf(opened.url), 'bo', next)).status).toBe(200)
})

test('a new role ends the sessions of who has it', async () => {
  const cy = await invite(ann, opened.url, 'cy', 'viewer')
  expect((await ann.ask('PUT', `/api/users/${cy.id}`, { name: 'Cy' })).status).toBe(200)
  expect((await cy.ask('GET', '/api/me')).status).toBe(200)
  expect((await ann.ask('PUT', `/api/users/${cy.id}`, { role: 'editor' })).body).toMatchObject({ role: 'editor' })
  expect((await cy.ask('GET', '/api/me')).status).toBe(401)
})

test('a deleted account is out at once', async () => {
  const di = await invite(ann, opened.url, 'di', 'operator')
  expect((await ann.ask('DELETE', `/api/users/${di.id}`)).status).toBe(204)
  expect((await di.ask('GET', '/api/me')).status).toBe(401)
  expect((await signIn(browserOf(opened.url), 'di')).status).toBe(401)
})

test('an invitation is good once, and a new one puts the one before out of use', async () => {
  const { body: user } = await ann.ask('POST', '/api/users', { login: 'ed', name: 'Ed', role: 'viewer' })
  const link = async () => (await ann.ask('POST', `/api/users/${user.id}/invitation`)).body.link as string
  const take = (from: string) =>
    browserOf(opened.url).ask('POST', '/api/invitations', { token: from.split('#')[1], password: passwordOf('ed') })
  const [first, second] = [await link(), await link()]
  expect(second).toMatch(new RegExp(`^${opened.url}/invitation#[\\w-]{43}$`))
  expect((await take(first)).body).toMatchObject({ status: 403, code: 'link_invalid' })
  expect((await take(second)).status).toBe(200)
  expect((await take(second)).status).toBe(403)
})

test('an invitation is too old after a week', async () => {
  const { body: user } = await ann.ask('POST', '/api/users', { login: 'flo', name: 'Flo', role: 'viewer' })
  const { link } = (await ann.ask('POST', `/api/users/${user.id}/invitation`)).body
  now += 7 * 24 * 3_600_000
  const request = { token: link.split('#')[1], password: passwordOf('flo') }
  expect((await browserOf(opened.url).ask('POST', '/api/invitations', request)).status).toBe(403)
  await signIn(ann, 'ann')
})

test('the last administrator can neither go nor step down, though another was invited', async () => {
  const { body } = await ann.ask('GET', '/api/me')
  await ann.ask('POST', '/api/users', { login: 'gil', name: 'Gil', role: 'admin' })
  for (const answer of [
    await ann.ask('DELETE', `/api/users/${body.user.id}`),
    await ann.ask('PUT', `/api/users/${body.user.id}`, { role: 'operator' }),
  ]) {
    expect(answer.body).toMatchObject({ status: 409, code: 'last_admin' })
  }
})

test('a login is given once', async () => {
  const { body } = await ann.ask('POST', '/api/users', { login: 'Ann', name: 'Other', role: 'viewer' })
  expect(body).toMatchObject({ status: 409, code: 'name_taken', errors: [{ pointer: '/login' }] })
})

test.each([
  ['a role for oneself', 'PUT', '/api/me', { name: 'Ann', role: 'admin' }, '/role'],
  ['a password', 'POST', '/api/users', { login: 'x', name: 'X', role: 'viewer', password: 'scrypt$' }, '/password'],
  ['a name that turns round what stands behind it', 'PUT', '/api/me', { name: 'Ann\u202e' }, '/name'],
  ['a name with the mark of Arabic letters', 'PUT', '/api/me', { name: 'Ann\u061c' }, '/name'],
  ['a short password', 'PUT', '/api/me/password', { current: 'x', next: 'short' }, '/next'],
  ['a role that is none', 'POST', '/api/users', { login: 'x', name: 'X', role: 'root' }, '/role'],
])('%s is refused at its place', async (_, method, path, request, pointer) => {
  const { status, body } = await ann.ask(method, path, request)
  expect({ status, errors: body.errors }).toMatchObject({ status: 400, errors: [{ pointer }] })
})

test.each([
  ['that is not JSON', '{"name":', 'body_malformed', {}],
  ['that reaches for a prototype', '{"__proto__":{"role":"admin"}}', 'body_malformed', {}],
  ['that is nested too deep', '['.repeat(100) + ']'.repeat(100), 'body_malformed', {}],
  ['that is too large', JSON.stringify({ name: 'n'.repeat(1_100_000) }), 'body_too_large', {}],
  ['as a form sends it', 'name=Eve', 'type_unsupported', { 'content-type': 'application/x-www-form-urlencoded' }],
])('a body %s is refused', async (_, body, code, headers) => {
  expect((await ann.ask('PUT', '/api/me', body, headers as Record<string, string>)).body.code).toBe(code)
})

test('language and theme are kept', async () => {
  await ann.ask('PUT', '/api/me', { language: 'zh', theme: 'dark' })
  expect((await ann.ask('GET', '/api/me')).body.user).toMatchObject({ language: 'zh', theme: 'dark', name: 'Ann' })
})

test('what was done is in the log, with who did it, and no secret is', async () => {
  const { body } = await ann.ask('GET', '/api/audit?limit=200')
  const actions = new Set(body.data.map(({ action }: { action: string }) => action))
  for (const action of [
    'user.created',
    'user.invited',
    'user.invitation_accepted',
    'user.password_changed',
    'user.deleted',
  ])
    expect(actions).toContain(action)
  expect(body.data[0].actor).toEqual({ id: expect.any(String), name: 'ann' })
  const everything = await (await ann.fetch('GET', '/api/audit/export')).text()
  expect(everything).not.toMatch(/the password of|scrypt\$|entirely new/)
  expect((await ann.ask('GET', '/api/audit/verify')).body).toMatchObject({ whole: true })
})

test('the log can be had as CSV', async () => {
  const { headers, body } = await ann.ask('GET', '/api/audit/export?format=csv')
  expect(headers.get('content-disposition')).toBe('attachment; filename="studio-audit.csv"')
  expect(body).toMatch(/^"n","at","actor".*\r\n"1","2025-/)
})

test('the list of accounts has no passwords', async () => {
  const { body } = await ann.ask('GET', '/api/users')
  expect(body.data.find(({ login }: { login: string }) => login === 'ann')).toMatchObject({ hasPassword: true })
  expect(JSON.stringify(body)).not.toContain('scrypt')
})
