import { expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import type { ClaimedTask } from '../storage.ts'
import { Lanes } from './lanes.ts'

const task: ClaimedTask = {
  id: 't1',
  session: 's1',
  address: 'tg:1:42:-',
  agent: 'helper',
  attempt: 1,
  crashes: 0,
  alone: false,
  destination: null,
  context: { person: null, space: 'default', language: null, metadata: {} },
  message: { id: 'm1', parts: [{ type: 'text', text: 'hi' }] },
  steps: [],
  draft: null,
  parts: 0,
  cancelRequested: false,
}

test('a wish to cancel that comes between the claim on disk and the beginning here is kept', async () => {
  const reasons: unknown[] = []
  const lanes = new Lanes({
    storage: { claim: async () => null },
    clock: systemClock,
    width: 1,
    attempt: async (_, { interrupt }) => {
      reasons.push(interrupt.signal.reason)
      return { next: null, more: false }
    },
    persist: (write) => write(),
    onBug: (error) => reasons.push(error),
  })
  const place = lanes.reserve(task.address)
  lanes.cancel(task.id, true)
  place?.begin(task)
  await expect.poll(() => reasons).toMatchObject([{ why: 'cancel', told: true }])
})

test('a task of the session before takes no note from the one that /new began', async () => {
  const asked: [string, boolean][] = []
  let enter: () => void = () => {}
  const replaced = new Promise<void>((resolve) => {
    enter = resolve
  })
  const claimed: ClaimedTask = { ...task, id: 't2', session: 's2' }
  const lanes = new Lanes({
    storage: { claim: async (session) => (session === 's2' && !asked.some(([id]) => id === 's2') ? claimed : null) },
    clock: systemClock,
    width: 1,
    attempt: async ({ session }, { mayAbsorb }) => {
      if (session === 's1') await replaced
      asked.push([session, mayAbsorb()])
      asked.push([session, mayAbsorb()])
      return { next: null, more: false }
    },
    persist: (write) => write(),
    onBug: (error) => asked.push([String(error), false]),
  })
  lanes.reserve(task.address)?.begin(task)
  lanes.queued(task.address, 's2', 'steer')
  enter()
  await expect
    .poll(() => asked)
    .toEqual([
      ['s1', false],
      ['s1', false],
      ['s2', true],
      ['s2', false],
    ])
})
