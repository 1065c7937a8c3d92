import { onlineManager } from '@tanstack/react-query'
import { create } from '../ui/store.ts'
import { service } from './place.ts'

/** Whether Studio answered when it was last asked. Pages keep what they had; a banner says so while this is `lost`. */
export const connection = create<'reached' | 'lost'>('reached')

/** How often a lost Studio is asked again, ms. */
const everyMs = 3_000

let timer: ReturnType<typeof setTimeout> | undefined

/** Studio did not answer: it is asked again until it does. */
export function noteLost(): void {
  if (connection.get() === 'lost') return
  connection.set('lost')
  onlineManager.setOnline(false)
  timer = setTimeout(askAgain, everyMs)
}

/** Studio answered, whatever it said: after a loss, what is on the page is asked for again. */
export function noteReached(): void {
  if (connection.get() === 'reached') return
  clearTimeout(timer)
  connection.set('reached')
  onlineManager.setOnline(true)
}

/** Asks now whether Studio is back, and keeps asking until it is. */
export async function askAgain(): Promise<void> {
  clearTimeout(timer)
  try {
    await fetch(`${service}/api/first-run`, { signal: AbortSignal.timeout(5_000) })
    noteReached()
  } catch {
    noteLost()
    clearTimeout(timer)
    timer = setTimeout(askAgain, everyMs)
  }
}
