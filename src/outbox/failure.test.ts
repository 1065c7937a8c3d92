import { expect, test } from 'vitest'
import { settlementOf } from './failure.ts'

const options = {
  maxAttempts: 3,
  deliveryMaxAgeMs: 1_000,
  sendTimeoutMs: 1_000,
  backoffMs: 10,
  maxBackoffMs: 100,
  onUncertain: 'resend',
} as const
const post = { attempt: 1, createdAt: 0, retriedAt: null, target: null }
const edit = { ...post, target: '9' }
const gone = { type: 'gone', message: 'There is no such chat.' } as const

test('an edit whose message is gone is posted anew, like every other try neither too often nor too late', () => {
  expect(settlementOf(gone, edit, options, 0, true).type).toBe('repost')
  expect(settlementOf(gone, { ...edit, attempt: 3 }, options, 0, true).type).toBe('dead')
  expect(settlementOf(gone, edit, options, 1_000, true).type).toBe('dead')
})

test('a post has no message that could be gone: its place is, and it is given up', () => {
  expect(settlementOf(gone, post, options, 0, true)).toMatchObject({ type: 'dead', error: { message: gone.message } })
})

test('a delivery is as old as its last wish to send it', () => {
  const away = { type: 'not-sent', message: 'The platform is away.' } as const
  expect(settlementOf(away, post, options, 1_000, true).type).toBe('dead')
  expect(settlementOf(away, { ...post, retriedAt: 500 }, options, 1_000, true).type).toBe('retrying')
  expect(settlementOf(away, { ...post, retriedAt: 500 }, options, 1_500, true).type).toBe('dead')
})

test('what may have arrived is counted, also by its last try and when it is held', () => {
  const cut = { type: 'uncertain', message: 'cut' } as const
  const hold = { ...options, onUncertain: 'hold' } as const
  expect(settlementOf(cut, post, options, 0, true)).toMatchObject({ type: 'uncertain', counted: true })
  expect(settlementOf(cut, post, hold, 0, true)).toMatchObject({ type: 'held', counted: true })
  expect(settlementOf(cut, { ...post, attempt: 3 }, options, 0, true)).toMatchObject({ type: 'dead', counted: true })
})

test('what surely did not arrive, or does no harm twice, is not counted', () => {
  const last = { attempt: 3 }
  const cut = { type: 'uncertain', message: 'cut' } as const
  const refused = { type: 'refused', message: 'blocked' } as const
  const away = { type: 'not-sent', message: 'away' } as const
  expect(settlementOf(refused, post, options, 0, true)).toMatchObject({ type: 'dead', counted: false })
  expect(settlementOf(away, { ...post, ...last }, options, 0, true)).toMatchObject({ type: 'dead', counted: false })
  expect(settlementOf(cut, { ...edit, ...last }, options, 0, true)).toMatchObject({ type: 'dead', counted: false })
  expect(settlementOf(cut, { ...post, ...last }, options, 0, false)).toMatchObject({ type: 'dead', counted: false })
})
