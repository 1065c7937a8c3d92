import type { Delivery, Task } from 'asyncv'
import type { Screen } from '../terminal/screen.ts'

/** A state in the colour of what it means: over and good, wrong, to be looked at, under way. */
export function paintState(text: string, state: Task['state'] | Delivery['state'], { paint }: Screen): string {
  switch (state) {
    case 'done':
    case 'sent':
      return paint.green(text)
    case 'failed':
    case 'dead':
      return paint.red(text)
    case 'held':
    case 'uncertain':
    case 'retrying':
      return paint.yellow(text)
    case 'queued':
    case 'running':
    case 'pending':
    case 'sending':
      return paint.cyan(text)
    case 'absorbed':
    case 'cancelled':
    case 'discarded':
      return paint.dim(text)
  }
}
