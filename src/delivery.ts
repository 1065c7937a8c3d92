import type { ErrorRecord } from './errors.ts'
import type { TextPart } from './message.ts'

/**
 * pending → sending → sent; `retrying` was surely not sent and is tried again; `uncertain` may have been sent;
 * `held` waits for an operator's decision; `dead` was refused for good or is too old; `discarded` was given up by hand.
 */
export type DeliveryState = 'pending' | 'sending' | 'sent' | 'retrying' | 'uncertain' | 'held' | 'dead' | 'discarded'

/** States in which a delivery makes the next one of its destination wait. */
export const openDeliveryStates = ['pending', 'sending', 'retrying', 'uncertain'] as const

/** States that end only when an operator decides. */
export const stuckDeliveryStates = ['held', 'dead'] as const

/** Neither sent nor given up by hand. */
export type UnsettledState = (typeof openDeliveryStates | typeof stuckDeliveryStates)[number]

/** An agent's answer; a line about a command, a failure or a refusal; what the program said of its own accord. */
export type DeliveryKind = 'answer' | 'notice' | 'post'

/** One outgoing message on its way. */
export interface Delivery {
  id: string
  /** Unique, and the same however often it is tried: what a platform that can will recognise a repeat by. */
  key: string
  /** The task it answers; `null` for notices of commands and for `post`. */
  task: string | null
  /** The message it answers, where it has no task. */
  message: string | null
  /** Which slice of a long answer, from 0. */
  part: number
  kind: DeliveryKind
  /** The destination as an address, see `addressOf`. */
  destination: string
  /** Its place in the order of its destination. */
  seq: number
  /** The platform's id of the posted message, once there is one. */
  target: string | null
  body: TextPart[]
  state: DeliveryState
  attempt: number
  nextAt: number | null
  /** How often it was cut without anybody knowing whether it arrived. */
  uncertainCount: number
  error: ErrorRecord | null
  createdAt: number
  /** When an operator last queued it again; from then on its age counts. */
  retriedAt: number | null
  settledAt: number | null
}

/** What it takes to carry a delivery out and to settle it. */
export type Outgoing = Pick<
  Delivery,
  'id' | 'key' | 'task' | 'destination' | 'target' | 'body' | 'attempt' | 'createdAt' | 'retriedAt'
>
