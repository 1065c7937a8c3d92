import { expect, test } from 'vitest'
import { createPasswords, usualCost } from './password.ts'

const cheap = createPasswords({ log2N: 10, r: 8, p: 1 })

test('costs as much as OWASP asks for', async () => {
  expect(await createPasswords(usualCost).hash('twelve chars')).toMatch(/^scrypt\$15\$8\$3\$[^$]{24}\$[^$]{44}$/)
})

test('a hash is of one password, and of what it cost then', async () => {
  const stored = await cheap.hash('twelve chars')
  const now = createPasswords({ log2N: 11, r: 8, p: 1 })
  expect(await now.matches('twelve chars', stored)).toBe(true)
  expect(await now.matches('twelve chars!', stored)).toBe(false)
})

test('the same password has two hashes, and no password has none', async () => {
  expect(await cheap.hash('twelve chars')).not.toBe(await cheap.hash('twelve chars'))
  expect(await cheap.matches('', null)).toBe(false)
})

test('the same letters are the same password, however a keyboard composes them', async () => {
  expect(
    await cheap.matches('caf\u00e9 caf\u00e9 caf\u00e9', await cheap.hash('cafe\u0301 cafe\u0301 cafe\u0301')),
  ).toBe(true)
})

test('a flood is told to come again', async () => {
  const results = await Promise.allSettled(Array.from({ length: 60 }, () => cheap.hash('twelve chars')))
  expect(results.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0)
})
