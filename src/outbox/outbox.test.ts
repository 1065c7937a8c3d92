import { expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { type Connector, SendError } from '../connector.ts'
import type { Delivery } from '../delivery.ts'
import type { OutboxOptions } from '../options.ts'
import type { Settlement, Taken } from '../storage.ts'
import { fakeConnector } from '../testing/fake-connector.ts'
import { Accounts } from './accounts.ts'
import { Outbox, type OutboxPorts } from './outbox.ts'

const delivery: Delivery = {
  id: 'd1',
  key: 'post/0/d1',
  task: null,
  message: null,
  part: 0,
  kind: 'post',
  destination: 'fake:1:ada:-',
  seq: 1,
  target: null,
  body: [{ type: 'text', text: 'hi' }],
  state: 'sending',
  attempt: 2,
  nextAt: null,
  uncertainCount: 1,
  error: null,
  createdAt: Date.now(),
  retriedAt: null,
  settledAt: null,
}

const options = {
  deliveryMaxAgeMs: 60_000,
  maxAttempts: 5,
  backoffMs: 60_000,
  maxBackoffMs: 60_000,
  sendTimeoutMs: 1_000,
  onUncertain: 'resend',
} as const

function outboxOf(accounts: Accounts, ports: Partial<OutboxPorts>): Outbox {
  return new Outbox({
    storage: { take: async () => ({ type: 'idle' }), settle: async () => {} },
    clock: systemClock,
    accounts,
    options,
    emit: () => {},
    persist: (write) => write(),
    hide: (text) => text,
    onBug: (error) => {
      throw error
    },
    ...ports,
  })
}

/** What becomes of one delivery whose earlier try may have arrived. */
async function settlementBy(connector: Connector, given: OutboxOptions, taken = delivery): Promise<Settlement> {
  const accounts = new Accounts()
  accounts.add('fake:1', 'chat', connector)
  const left: Taken[] = [{ type: 'delivery', delivery: taken, wasUncertain: true }]
  return new Promise((resolve, reject) => {
    const outbox = outboxOf(accounts, {
      storage: {
        take: async () => left.shift() ?? { type: 'idle' },
        settle: async (_, settlement) => resolve(settlement),
      },
      options: { ...options, ...given },
      onBug: reject,
    })
    outbox.wake(delivery.destination)
  })
}

const cannotTell = (): Promise<never> => Promise.reject(new Error('The platform cannot tell now.'))

test('what may have arrived and is held is not counted once more: nothing was sent by this try', async () => {
  const chat = fakeConnector()
  expect(await settlementBy(chat, { onUncertain: 'hold' })).toMatchObject({ type: 'held', counted: false })
  expect(chat.sent).toEqual([])
})

test('a look-up that fails is not counted, and leaves the doubt', async () => {
  const chat = fakeConnector()
  const silent = { ...chat, lookup: cannotTell }
  expect(await settlementBy(silent, {})).toMatchObject({ type: 'uncertain', counted: false })
  const refused = new SendError({ type: 'not-sent', message: 'Too many questions.' })
  const busy = { ...chat, lookup: () => Promise.reject(refused) }
  expect(await settlementBy(busy, {})).toMatchObject({ type: 'uncertain', counted: false })
  expect(chat.sent).toEqual([])
})

test('a send that is cut after a look-up is counted', async () => {
  const chat = fakeConnector({ lookup: true })
  chat.fail({ type: 'uncertain', message: 'cut' })
  expect(await settlementBy(chat, {})).toMatchObject({ type: 'uncertain', counted: true })
})

test('what was held is sent when an operator says so, once', async () => {
  const chat = fakeConnector()
  const retried = { ...delivery, attempt: 1, retriedAt: Date.now() }
  expect(await settlementBy(chat, { onUncertain: 'hold' }, retried)).toMatchObject({ type: 'sent' })
  expect(await settlementBy(chat, { onUncertain: 'hold' }, { ...retried, attempt: 2 })).toMatchObject({ type: 'held' })
  expect(chat.sent).toHaveLength(1)
})

test('an account that has to wait, with as many chats as there may be, holds up no other', async () => {
  const accounts = new Accounts()
  const [waits, goes] = [fakeConnector(), fakeConnector()]
  accounts.add('fake:1', 'waits', waits)
  accounts.add('fake:2', 'goes', goes)
  accounts.catchUp()
  const outbox = outboxOf(accounts, {})
  const born = (destination: string) => ({ ...delivery, id: destination, key: destination, destination })
  const many = Array.from({ length: 200 }, (_, chat) => `fake:1:${chat}:-`)
  expect(many.map((destination) => outbox.reserve(destination))).not.toContain(false)
  const later = Date.now() + 60_000
  for (const chat of many.keys()) accounts.of('fake:1')?.gate.close(String(chat), later, Date.now())
  for (const destination of many) outbox.dispatch(born(destination))
  expect(outbox.reserve('fake:2:bo:-')).toBe(true)
  outbox.dispatch(born('fake:2:bo:-'))
  await expect.poll(() => goes.sent.length).toBe(1)
  expect(waits.sent).toEqual([])
  await outbox.stop()
  // What is written as being sent is sent, also by a stop.
  expect(waits.sent).toHaveLength(200)
})
