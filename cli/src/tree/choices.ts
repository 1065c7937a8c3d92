/** What an option may be one of. */
import type { DeliveryState, TaskState } from 'asyncv'

export const taskStates = all<TaskState>({
  queued: true,
  running: true,
  absorbed: true,
  done: true,
  failed: true,
  cancelled: true,
})
export const deliveryStates = all<DeliveryState>({
  pending: true,
  sending: true,
  sent: true,
  retrying: true,
  uncertain: true,
  held: true,
  dead: true,
  discarded: true,
})
export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export const shells = ['bash', 'zsh', 'fish'] as const

/** The library has these as types, and as values only together with all of it, which a look at the help must not load: the compiler holds the two together. */
function all<State extends string>(states: Record<State, true>): readonly State[] {
  return Object.keys(states) as State[]
}
