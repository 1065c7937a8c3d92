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
