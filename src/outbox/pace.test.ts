import { expect, test } from 'vitest'
import { PaceGate } from './pace.ts'

const hour = 3_600_000

test('a clock that is put back makes nobody wait longer than the platform asks', () => {
  const pace = { perConversationMs: 1_000, perGroupPerMinute: 2, perSecond: 4, isGroup: (id: string) => id === 'group' }
  const gate = new PaceGate(pace)
  for (const conversation of ['ada', 'bob', 'group', 'group']) gate.count(conversation, 10 * hour)
  gate.close('slow', 10 * hour + 5_000, 10 * hour)
  const waits = (conversation: string) => gate.openAt(conversation, 9 * hour) - 9 * hour
  expect(['ada', 'somebody else', 'group', 'slow'].map(waits)).toEqual([1_000, 1_000, 60_000, 5_000])
  expect(gate.openAt('ada', 9 * hour + 1_000)).toBe(0)
  // What the platform says right after the clock was put back is of the new time.
  gate.close('slow', 8 * hour + 5_000, 8 * hour)
  expect(gate.openAt('slow', 8 * hour) - 8 * hour).toBe(5_000)
})
