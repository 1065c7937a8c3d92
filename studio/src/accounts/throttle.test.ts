import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Browser, browserOf, passwordOf, signUp } from '../browser.fixture.ts'
import { type OpenedStudio, openStudio } from '../studio.fixture.ts'
import { createThrottle } from './throttle.ts'

let opened: OpenedStudio
let now = 1_750_000_000_000
let known: Browser
beforeAll(async () => {
  opened = await openStudio({ now: () => now })
  known = await signUp(opened)
})
afterAll(() => opened.close())

const attempt = (browser: Browser, password: string) => browser.ask('POST', '/api/sign-in', { login: 'ann', password })

test('guessing is slowed down, also by many at once, and locks out no browser that is known', async () => {
  const guesses = await Promise.all(Array.from({ length: 14 }, () => attempt(browserOf(opened.url), 'a guess')))
  expect(guesses.filter(({ status }) => status === 401)).toHaveLength(10)
  const refused = guesses.find(({ status }) => status === 429)
  expect(refused?.headers.get('retry-after')).toBe('900')
  // Even with the right password a stranger has to wait …
  expect((await attempt(browserOf(opened.url), passwordOf('ann'))).status).toBe(429)
  // … but who has been here goes on, also in a browser that is signed out.
  await known.ask('POST', '/api/sign-out')
  expect((await attempt(known, passwordOf('ann'))).status).toBe(200)
  now += 15 * 60_000
  expect((await attempt(browserOf(opened.url), passwordOf('ann'))).status).toBe(200)
}, 60_000)

test('nobody is a known browser by a cookie of their own making, or by one for another login', async () => {
  const device = known.cookies.get('asyncv_studio_device') ?? ''
  const guess = (login: string, cookie: string) => {
    const stranger = browserOf(opened.url)
    stranger.cookies.set('asyncv_studio_device', cookie)
    return stranger.ask('POST', '/api/sign-in', { login, password: 'a guess' })
  }
  for (let n = 0; n < 10; n++) await guess('bo', `${'x'.repeat(21)}${n}.${'y'.repeat(43)}`)
  expect((await guess('bo', `${'z'.repeat(22)}.${'y'.repeat(43)}`)).status).toBe(429)
  expect((await guess('bo', device)).status).toBe(429)
  now += 15 * 60_000
}, 60_000)

test('a known browser may not guess for ever either', () => {
  const throttle = createThrottle(() => now)
  const known = { login: 'ann', address: '192.0.2.1', device: 'd' }
  for (let n = 0; n < 10; n++) throttle.begin(known)
  expect(() => throttle.begin(known)).toThrow(/too many wrong passwords/)
})

test('one address may not try many logins, nor one network of IPv6 addresses', () => {
  const throttle = createThrottle(() => now)
  for (let n = 0; n < 30; n++)
    throttle.begin({ login: `u${n}`, address: `2001:db8:1:2::${n.toString(16)}`, device: null })
  expect(() => throttle.begin({ login: 'u', address: '2001:db8:1:2:ffff::1', device: null })).toThrow(/too many/)
  expect(() => throttle.begin({ login: 'u', address: '2001:db8:1:3::1', device: null })).not.toThrow()
})

test('what was counted while the clock was ahead locks nobody out when it is set right', () => {
  let at = now
  const throttle = createThrottle(() => at)
  const attempt = { login: 'ann', address: '192.0.2.1', device: null }
  for (let n = 0; n < 10; n++) throttle.begin(attempt)
  at -= 365 * 24 * 3_600_000
  expect(() => throttle.begin(attempt)).not.toThrow()
})

test('right passwords are not counted', () => {
  const throttle = createThrottle(() => now)
  for (let n = 0; n < 50; n++) {
    const attempt = { login: 'ann', address: '192.0.2.1', device: null }
    throttle.begin(attempt)
    throttle.succeed(attempt)
  }
  expect(() => throttle.begin({ login: 'ann', address: '192.0.2.1', device: null })).not.toThrow()
})
