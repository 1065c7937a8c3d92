import { setTimeout as sleep } from 'node:timers/promises'
import { isOwned } from '@asyncv/migrations'
import { CommandError } from '../failure.ts'
import { isAlive } from './open-files.ts'
import { readOperatorKey } from '../key-files/operator-key.ts'
import { talk } from '../output.ts'
import type { RunningService } from './running.ts'
import { identifiedBy } from '../calling/service.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** How often to look whether it has ended. ms. */
const lookMs = 100
/** How often somebody at a terminal, and somebody who reads a file, is told that it takes its time. ms. */
const toldMs = 5_000
/** A second signal within one second counts as the first one again; see `signals.ts`. ms. */
const secondWishMs = 1_200
/** Between the release of the database and the end of the process. ms. */
const lastBreathMs = 3_000

export interface EndOptions {
  /** How long to wait for the end. ms. */
  timeoutMs: number
  /** Does not wait for what is under way: it goes on with the next start. */
  now: boolean
  flags: Flags
}

/** Has a service end in good order and waits until it has. Never kills it: throws when it takes too long. */
export async function end(service: RunningService, { timeoutMs, now, flags }: EndOptions): Promise<void> {
  const { pid, database } = service
  talk(words.stop.stopping(pid, await underWay(service)), flags)
  signal(pid)
  const begun = performance.now()
  let hurried = false
  let told = 0
  for (;;) {
    if (!isAlive(pid) || !(await isOwned(database))) break
    const waited = performance.now() - begun
    if (now && !hurried && waited >= secondWishMs) {
      hurried = true
      signal(pid)
    }
    if (waited >= timeoutMs) throw new CommandError(words.stop.late(pid, timeoutMs / 1_000), words.stop.lateHint, 1)
    if (waited - told >= toldMs) {
      told = waited
      talk(words.stop.waiting(Math.round(waited / 1_000)), flags)
    }
    await sleep(lookMs)
  }
  const until = performance.now() + lastBreathMs
  while (isAlive(pid) && performance.now() < until) await sleep(lookMs / 4)
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM')
  } catch (error) {
    // It has ended meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return
    throw new CommandError(words.stop.notAllowed(pid), words.stop.notAllowedHint, 1)
  }
}

/** How many tasks it waits for; null when it does not tell. */
async function underWay({ url, database }: RunningService): Promise<number | null> {
  if (url === undefined) return null
  try {
    const headers = identifiedBy(readOperatorKey(database))
    const response = await fetch(`${url}/metrics`, { headers, signal: AbortSignal.timeout(1_000) })
    const [, count] = /^asyncv_tasks\{state="running"\} (\d+)$/m.exec(await response.text()) ?? []
    return count === undefined ? null : Number(count)
  } catch {
    return null
  }
}
