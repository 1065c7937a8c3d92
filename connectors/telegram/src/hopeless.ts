import { AsyncvError } from 'asyncv'

/**
 * Whether an event can never be taken in, however often it is offered: the runtime says so of the event itself. Only such
 * a one may be passed over. Every other error speaks of the runtime, its disk or a bug, which can be mended, and the
 * platform forgets what is acknowledged.
 */
export function isHopeless(error: unknown): boolean {
  return error instanceof AsyncvError && error.code === 'input_invalid'
}
