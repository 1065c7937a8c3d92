import { setTimeout as sleep } from 'node:timers/promises'
import { talk } from '../output.ts'
import { changeText } from '../views/status-lines.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'
import type { Management } from './management.ts'
import type { ServiceStatus } from './service-status.ts'

/** How long nothing is said, and between two looks. ms. */
const patienceMs = 1_500

/**
 * What comes of `asked`, which changes what a service has connected. Such changes come one after the other, and a platform may take a
 * minute: while it takes its time it is said which one is under way and what it waits for, each once.
 */
export async function sayWhileWaiting<Answer>(
  asked: Promise<Answer>,
  { ask }: Pick<Management, 'ask'>,
  flags: Flags,
): Promise<Answer> {
  const over = new AbortController()
  const look = async (): Promise<void> => {
    for (let said = ''; ; ) {
      await sleep(patienceMs, undefined, { signal: over.signal })
      const { change } = await ask<ServiceStatus>('GET', '/status')
      if (over.signal.aborted || change === undefined || change === null) continue
      const key = `${change.what} ${change.name} ${change.waitsFor}`
      if (key !== said) talk(words.status.stillWaiting(changeText(change)), flags)
      said = key
    }
  }
  // What comes of it counts, not whether it could be told what it waits for.
  void look().catch(() => {})
  try {
    return await asked
  } finally {
    over.abort()
  }
}
