import { AsyncvError } from 'asyncv'
import { expect, test } from 'vitest'
import { Revocations } from './revocations.ts'

const failing = (error: Error) =>
  new Revocations({ inForce: () => Promise.reject(error), exist: () => Promise.reject(error) })

test('whoever waits is let go when nobody can tell whether their key is good', async () => {
  const revocations = failing(new AsyncvError('storage_failed', 'The disk cannot be read.', { retryable: true }))
  const { signal, leave } = revocations.watch('k1')
  await expect.poll(() => signal?.aborted, { timeout: 5_000 }).toBe(true)
  leave()
})

test('a runtime that stops ends its streams itself', async () => {
  const revocations = failing(new AsyncvError('not_running', 'This runtime is not running.', { retryable: true }))
  const { signal, leave } = revocations.watch('k1')
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  expect(signal?.aborted).toBe(false)
  leave()
})
