import { once } from 'node:events'
import { type IncomingMessage, request as httpRequest } from 'node:http'
import { afterAll, expect, test } from 'vitest'
import { createPasswords, usualCost } from '../accounts/password.ts'
import { type Browser, browserOf, invite, passwordOf } from '../browser.fixture.ts'
import { openImpostor } from '../runtime.fixture.ts'
import { openStudio } from '../studio.fixture.ts'
import { openService } from './service.fixture.ts'

/** What was counted is forgotten by then. */
let hoursLater = 0
const service = await openService({ now: () => Date.now() + hoursLater * 3_600_000 })
const { url, admin } = service
afterAll(() => service.close())

const signIn = (browser: Browser, login: string, password: string, headers: Record<string, string> = {}) =>
  browser.ask('POST', '/api/sign-in', { login, password }, headers)
const tally = (statuses: number[]) => statuses.toSorted((one, other) => one - other)

test('a session that somebody else has chosen is not the one that signing in gives', async () => {
  const victim = browserOf(url)
  const chosen = 'x'.repeat(43)
  victim.cookies.set('asyncv_studio', chosen)
  await signIn(victim, 'ann', passwordOf('ann'))
  expect(victim.cookies.get('asyncv_studio')).not.toBe(chosen)
  const attacker = browserOf(url)
  attacker.cookies.set('asyncv_studio', chosen)
  expect((await attacker.ask('GET', '/api/me')).status).toBe(401)
})

test('of eight who follow the first link at once, one makes an account', async () => {
  const other = await openStudio()
  const token = (await other.studio.firstRunPath())?.split('#')[1]
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      browserOf(other.url).ask('POST', '/api/first-run', {
        token,
        login: `u${n}`,
        name: 'U',
        password: passwordOf('whoever'),
      }),
    ),
  )
  expect(tally(answers.map(({ status }) => status))).toEqual([200, ...Array(7).fill(403)])
  await other.close()
})

test('of eight who take up an invitation at once, one is in', async () => {
  const { body: user } = await admin.ask('POST', '/api/users', { login: 'raced', name: 'Raced', role: 'viewer' })
  const { link } = (await admin.ask('POST', `/api/users/${user.id}/invitation`)).body
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      browserOf(url).ask('POST', '/api/invitations', { token: link.split('#')[1], password: `password number ${n}` }),
    ),
  )
  expect(tally(answers.map(({ status }) => status))).toEqual([200, ...Array(7).fill(403)])
})

test('a link for a new password is good no longer when somebody has set one themselves', async () => {
  const gus = await invite(admin, url, 'gus', 'editor')
  const { link } = (await admin.ask('POST', `/api/users/${gus.id}/invitation`)).body
  await gus.ask('PUT', '/api/me/password', { current: passwordOf('gus'), next: 'an entirely new password' })
  const taken = { token: link.split('#')[1], password: 'the password of a finder' }
  expect((await browserOf(url).ask('POST', '/api/invitations', taken)).body.code).toBe('link_invalid')
})

test('of two administrators who take each other’s role away at once, one stays', async () => {
  const other = await openService()
  const second = await invite(other.admin, other.url, 'second', 'admin')
  const { body } = await other.admin.ask('GET', '/api/me')
  const answers = await Promise.all([
    other.admin.ask('PUT', `/api/users/${second.id}`, { role: 'viewer' }),
    second.ask('PUT', `/api/users/${body.user.id}`, { role: 'viewer' }),
  ])
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  await other.close()
})

test('who says to be somebody else each time is counted all the same', async () => {
  hoursLater += 1
  const names = ['x-forwarded-for', 'x-real-ip', 'cf-connecting-ip', 'true-client-ip', 'client-ip']
  const statuses: number[] = []
  // Each login is another one: only where they come from is the same.
  for (let n = 0; n < 32; n++) {
    const address = `203.0.113.${n}`
    const heads = { forwarded: `for=${address}`, ...Object.fromEntries(names.map((name) => [name, address])) }
    statuses.push((await signIn(browserOf(url), `guess${n}`, 'a guess', heads)).status)
  }
  expect(statuses.slice(-2)).toEqual([429, 429])
})

test('who guesses at everybody locks out nobody who has been there before', async () => {
  const other = await openService()
  const known = await invite(other.admin, other.url, 'known', 'editor')
  await known.ask('POST', '/api/sign-out')
  for (let n = 0; n < 40; n++) await signIn(browserOf(other.url), n % 2 === 0 ? 'known' : 'ann', 'a guess')
  expect((await signIn(browserOf(other.url), 'known', passwordOf('known'))).status).toBe(429)
  expect((await signIn(known, 'known', passwordOf('known'))).status).toBe(200)
  await other.close()
}, 60_000)

test('an unknown login takes as much work as a wrong password', async () => {
  // As the usual cost, in less time.
  const passwords = createPasswords({ ...usualCost, log2N: 12 })
  const stored = await passwords.hash('the right password')
  // Time of the processor, of all threads: whatever else this machine does is none of it.
  const took = async (hash: string | null): Promise<number> => {
    const begun = process.cpuUsage()
    await passwords.matches('a wrong password', hash)
    return process.cpuUsage(begun).user
  }
  const times = { wrong: [] as number[], unknown: [] as number[] }
  for (let n = 0; n < 8; n++) {
    times.wrong.push(await took(stored))
    times.unknown.push(await took(null))
  }
  const ratio = Math.min(...times.unknown) / Math.min(...times.wrong)
  expect(ratio).toBeGreaterThan(0.5)
  expect(ratio).toBeLessThan(2)
})

test('who is looked for while the account goes is not found', async () => {
  const leaver = await invite(admin, url, 'leaver', 'viewer')
  const { sessions } = service.parts
  // Old enough for its use to be written down when it is found.
  const lately = Date.now() - 120_000
  await service.db.updateTable('session').set({ seen_at: lately }).where('user_id', '=', leaver.id).execute()
  const found = sessions.find({ token: leaver.cookies.get('asyncv_studio'), place: null })
  await service.db.transaction().execute((trx) => sessions.endAll(trx, leaver.id))
  expect(await found).toBeNull()
})

test.each([
  ['is deleted', 'DELETE', undefined],
  ['is an administrator no more', 'PUT', { role: 'viewer' }],
])(
  'what somebody has begun to send is not done when the account %s before all of it came',
  async (how, method, change) => {
    const [login, accomplice] = [`slow-${how.length}`, `accomplice-${how.length}`]
    const leaver = await invite(admin, url, login, 'admin')
    const session = () =>
      service.db.selectFrom('session').select('seen_at').where('user_id', '=', leaver.id).executeTakeFirst()
    // Long enough ago for its use to be written down when it is let in, by which that is known.
    await service.db
      .updateTable('session')
      .set({ seen_at: Date.now() - 120_000 })
      .where('user_id', '=', leaver.id)
      .execute()
    const before = await session()
    const body = JSON.stringify({ login: accomplice, name: 'Accomplice', role: 'admin' })
    const request = httpRequest(`${url}/api/users`, {
      method: 'POST',
      headers: {
        origin: url,
        cookie: `asyncv_studio=${leaver.cookies.get('asyncv_studio')}`,
        'content-type': 'application/json',
        'content-length': body.length,
      },
    })
    request.write(body.slice(0, 10))
    await expect.poll(session).not.toEqual(before)
    expect((await admin.ask(method, `/api/users/${leaver.id}`, change)).status).toBeLessThan(300)
    request.end(body.slice(10))
    const [answer] = (await once(request, 'response')) as [IncomingMessage]
    answer.resume()
    const { data } = (await admin.ask('GET', '/api/users')).body
    const logins = data.map((user: { login: string }) => user.login)
    expect({ status: answer.statusCode, made: logins.includes(accomplice) }).toEqual({ status: 401, made: false })
  },
)

test('what is passed on to a runtime ends with the session, also when that ends while the runtime is looked up', async () => {
  const page = await openImpostor(200, { 'content-type': 'text/event-stream', 'content-length': '9' }, 'data')
  const request = { name: 'open', url: page.url, managementUrl: page.url, key: `avk_studio_${'k'.repeat(43)}` }
  const { body: runtime } = await admin.ask('POST', '/api/runtimes', request)
  const leaver = await invite(admin, url, 'away', 'viewer')
  const { runtimes, sessions } = service.parts
  const { connection } = runtimes
  runtimes.connection = async (id) => {
    await service.db.transaction().execute((trx) => sessions.endAll(trx, leaver.id))
    return connection(id)
  }
  const left = new AbortController()
  const answer = leaver.fetch('GET', `/api/runtimes/${runtime.id}/v1/events`, undefined, {}, left.signal)
  const over = answer
    .then((response) => response.text())
    .then(
      () => true,
      () => true,
    )
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 3_000))
  expect(await Promise.race([over, late])).toBe(true)
  runtimes.connection = connection
  left.abort()
  await page.close()
})

test('a HEAD takes no place of those who follow', async () => {
  const viewer = await service.as('viewer')
  for (let n = 0; n < 13; n++) expect((await viewer.fetch('HEAD', '/api/events')).status).toBe(200)
  const left = new AbortController()
  expect((await viewer.fetch('GET', '/api/events', undefined, {}, left.signal)).status).toBe(200)
  left.abort()
})
