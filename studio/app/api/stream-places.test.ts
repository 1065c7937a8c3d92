import { afterEach, expect, test, vi } from 'vitest'
import { takePlace } from './stream-places.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

test.each(['SecurityError', 'InvalidStateError'])(
  'where a browser refuses its locks with %s, nobody waits for a place',
  async (name) => {
    const request = vi.fn(() => Promise.reject(new DOMException('Refused.', name)))
    vi.stubGlobal('navigator', { locks: { request } })
    const onWait = vi.fn()
    const leave = await takePlace(new AbortController().signal, onWait)
    leave()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect({ asked: request.mock.calls.length, waited: onWait.mock.calls.length }).toEqual({ asked: 4, waited: 0 })
  },
)
