import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Browser, browserOf, passwordOf, signUp } from '../browser.fixture.ts'
import { type OpenedStudio, openStudio } from '../studio.fixture.ts'
import { createFailedSignIns } from './failed-sign-ins.ts'

let opened: OpenedStudio
let ann: Browser
let now = 1_750_000_000_000
const windowMs = 15 * 60_000
beforeAll(async () => {
  opened = await openStudio({ now: () => now })
  ann = await signUp(opened)
})
afterAll(() => opened.close())
beforeEach(() => {
  now += windowMs
})

const guess = (login: string, password = 'a guess') =>
  browserOf(opened.url).ask('POST', '/api/sign-in', { login, password })
const written = async () =>
  (await ann.ask('GET', '/api/audit?action=session.refused')).body.data as {
    at: number
    actor: object
    target: string
    detail: string
  }[]

test('the fifth wrong password is in the audit log, once until the while is over', async () => {
  const before = await written()
  for (let n = 0; n < 4; n++) await guess('ann')
  expect(await written()).toEqual(before)
  for (let n = 0; n < 8; n++) await guess('ann')
  const [entry, ...others] = await written()
  expect(others).toEqual(before)
  expect(entry?.actor).toEqual({ id: 'studio', name: 'studio' })
  expect(entry?.target).toBe((await ann.ask('GET', '/api/me')).body.user.id)
  expect(JSON.parse(entry?.detail ?? '')).toEqual({ login: 'ann', address: '127.0.0.1', failures: 5 })

  now += windowMs
  for (let n = 0; n < 5; n++) await guess('ann')
  expect(await written()).toHaveLength(before.length + 2)
  expect((await ann.ask('GET', '/api/audit/verify')).body).toMatchObject({ whole: true })
})

test('what is tried at many logins is told by the address, and none of what was typed is written down', async () => {
  const before = (await written()).length
  for (let n = 0; n < 9; n++) await guess(`hunter2-${n}`)
  const entries = await written()
  expect(entries).toHaveLength(before + 1)
  expect(entries[0]).toMatchObject({ target: '127.0.0.1', detail: '{"address":"127.0.0.1","failures":5}' })
  expect(JSON.stringify(entries)).not.toContain('hunter2')
})

test('the right password, however often, and a slip now and then are nothing to tell', async () => {
  const before = (await written()).length
  for (let n = 0; n < 6; n++) {
    await guess('ann', passwordOf('ann'))
    await guess('ann')
    now += windowMs / 4
  }
  expect(await written()).toHaveLength(before)
})

test('whoever guesses from everywhere, at everything, brings about twenty entries a while and no more', () => {
  const failed = createFailedSignIns(() => now)
  const told = (from: number) =>
    Array.from({ length: 50_000 }, (_, n) => {
      const account = Math.floor(n / 5) + from
      return failed.note({ login: `user-${account}`, account: `id-${account}`, address: `10.0.${account}.1` })
    }).filter((entry) => entry !== null)
  expect(told(0)).toHaveLength(20)
  expect(told(10_000)).toHaveLength(0)
  now += windowMs
  expect(told(0)).toHaveLength(20)
})

test('one slip at an account from where others were tried is told of the address, and the account is told of later', () => {
  const failed = createFailedSignIns(() => now)
  for (let n = 0; n < 4; n++) failed.note({ login: `none-${n}`, account: null, address: '10.0.0.1' })
  expect(failed.note({ login: 'ann', account: 'id-ann', address: '10.0.0.1' })).toEqual({
    target: '10.0.0.1',
    detail: { address: '10.0.0.1', failures: 5 },
  })
  const later = Array.from({ length: 9 }, (_, n) =>
    failed.note({ login: 'ann', account: 'id-ann', address: `10.0.1.${n}` }),
  )
  expect(later.filter((entry) => entry !== null)).toEqual([
    { target: 'id-ann', detail: { login: 'ann', address: '10.0.1.3', failures: 5 } },
  ])
})

test('logins that nobody has do not hide what is tried at an account', () => {
  const failed = createFailedSignIns(() => now)
  for (let n = 0; n < 500; n++) {
    failed.note({ login: `none-${Math.floor(n / 5)}`, account: null, address: `10.0.${n % 50}.1` })
  }
  const told = Array.from({ length: 5 }, (_, n) =>
    failed.note({ login: 'ann', account: 'id-ann', address: `10.1.${n}.1` }),
  )
  expect(told.at(-1)).toMatchObject({ target: 'id-ann', detail: { login: 'ann', failures: 5 } })
})

test('a neighbour in the same IPv6 network is the same address, and a far one is not', () => {
  const failed = createFailedSignIns(() => now)
  const note = (address: string, n: number) => failed.note({ login: `user-${n}`, account: null, address })
  for (let n = 0; n < 4; n++) expect(note(`2001:db8::${n + 1}`, n)).toBeNull()
  expect(note('2001:db9::1', 4)).toBeNull()
  expect(note('2001:db8::9', 5)).toMatchObject({ target: '2001:db8::9', detail: { failures: 5 } })
})
