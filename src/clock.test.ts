import { expect, test } from 'vitest'
import { systemClock } from './clock.ts'

/** More than Node's timers can count; a service may ask for it in `Retry-After`. */
const aHundredDaysMs = 100 * 24 * 60 * 60 * 1_000

test.each([aHundredDaysMs, Number.POSITIVE_INFINITY])('sleeps on when it is to sleep for %d ms', async (ms) => {
  const waking = new AbortController()
  const sleeping = systemClock.sleep(ms, waking.signal)
  const first = await Promise.race([sleeping.then(() => 'slept'), systemClock.sleep(30).then(() => 'asleep')])
  expect(first).toBe('asleep')
  waking.abort(new Error('woken'))
  await expect(sleeping).rejects.toThrow('woken')
})

test('calls nothing early that is to be called much later', async () => {
  let called = false
  const cancel = systemClock.after(aHundredDaysMs, () => {
    called = true
  })
  await systemClock.sleep(30)
  cancel()
  expect(called).toBe(false)
})
