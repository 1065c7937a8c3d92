import type { ErrorRecord } from './errors.ts'
import type { Within } from './page.ts'

/** Something that happened, as it was written in the transaction that made it happen. */
export interface RecordedEvent {
  /** Grows with each commit; what was read up to here is not read again by asking for what comes `after` it. */
  id: number
  type:
    | 'message.received'
    | 'command.carried-out'
    | 'task.requeued'
    | 'task.absorbed'
    | 'task.finished'
    | 'task.failed'
    | 'task.cancelled'
    | 'delivery.sent'
    | 'delivery.uncertain'
    | 'delivery.dead'
    | 'delivery.discarded'
  /** ms since the epoch; of what is queued again or becomes uncertain, by the database's own clock. */
  at: number
  message: string | null
  task: string | null
  delivery: string | null
  session: string | null
  agent: string | null
  /** Where a delivery goes. */
  destination: string | null
  /** The task that answers instead, of one that was absorbed. */
  into: string | null
  /** Why a task failed, or a delivery did not arrive. */
  error: ErrorRecord | null
}

export interface EventsRequest extends Within {
  /**
   * Begins behind this event; 0 begins with the oldest that is kept. Default: what happens from now on. Throws
   * `events_gone` when events behind it are forgotten already, were not written down because none were kept for a while,
   * or it is none that ever was, as after a restore. Reading rejects with it when events are forgotten before the reader
   * came to them: nobody misses any without knowing.
   */
  after?: number
  /** Ends it. */
  signal?: AbortSignal
}

export interface EventStore {
  /**
   * Forgets some of what is older and all that came before it, so that there is never a gap in what is kept, but never the
   * last one; resolves with whether there is more to forget.
   */
  pruneEvents(before: number): Promise<boolean>
  /** The first and the last that are there; null when there are none. */
  eventRange(): Promise<{ first: number; last: number } | null>
  /** Those of a space or of agents are searched for among all from `after` to `upTo`: keep the two close. */
  events(range: { after: number; upTo: number; limit: number } & Within): Promise<RecordedEvent[]>
}
