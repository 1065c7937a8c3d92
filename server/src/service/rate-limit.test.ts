import { expect, test } from 'vitest'
import { RateLimit } from './rate-limit.ts'

test('lets a minute’s worth through, says what is left, and refuses more until some time has passed', () => {
  let now = 0
  const limit = new RateLimit(60, () => now)
  expect(limit.take('a')).toEqual({ 'RateLimit-Policy': '"minute";q=60;w=60', RateLimit: '"minute";r=59;t=1' })
  for (let n = 1; n < 60; n++) limit.take('a')
  expect(() => limit.take('a')).toThrow('More than 60 requests in a minute.')
  expect(limit.take('b')).toMatchObject({ RateLimit: '"minute";r=59;t=1' })
  now += 999
  expect(() => limit.take('a')).toThrow()
  now += 1
  limit.take('a')
  expect(() => limit.take('a')).toThrow()
  now += 3_600_000
  for (let n = 0; n < 60; n++) limit.take('a')
  expect(() => limit.take('a')).toThrow()
})
