/**
 * The updates of one bot, as Telegram keeps them (core.telegram.org/bots/api#getting-updates): they wait until they are
 * confirmed by a poll whose offset is behind them, and are given out again and again until then.
 */
import { Refusal } from './refusal.ts'

export interface FakeUpdate {
  update_id: number
  [field: string]: unknown
}

/** What became of one update. */
export interface UpdateRecord {
  id: number
  /** Where it was said and what, for one that is a message. */
  chat: number | null
  text: string | null
  /** ms since the epoch, when it arose. */
  at: number
  /** How often it was given to a poll. */
  offered: number
  /** When a poll's offset went past it. */
  confirmedAt: number | null
}

interface WaitingPoll {
  answer(): void
  refuse(refusal: Refusal): void
}

export interface Poll {
  offset: number
  limit: number
  timeoutMs: number
  /** Aborted when who asked has gone away. */
  gone: AbortSignal
}

export class UpdateQueue {
  /** One for each update that ever was, by its id in order. */
  readonly records: UpdateRecord[] = []
  /** Below it all is confirmed. */
  confirmedOffset: number
  readonly #firstId: number
  #pending: FakeUpdate[] = []
  #waiting: WaitingPoll | null = null
  #answerIsDue = false

  constructor(firstId: number) {
    this.#firstId = firstId
    this.confirmedOffset = firstId
  }

  /** Resolves with what waits from the offset on, at once or as soon as there is something. */
  async poll({ offset, limit, timeoutMs, gone }: Poll): Promise<FakeUpdate[]> {
    const conflict = 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'
    this.#waiting?.refuse(new Refusal(409, conflict))
    this.#confirm(offset)
    if (this.#pending.length > 0 || timeoutMs === 0) return this.#take(limit)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => end(() => resolve([])), timeoutMs)
      const leave = (): void => end(() => resolve([]))
      const end = (settle: () => void): void => {
        clearTimeout(timer)
        gone.removeEventListener('abort', leave)
        this.#waiting = null
        settle()
      }
      gone.addEventListener('abort', leave, { once: true })
      this.#waiting = {
        answer: () => end(() => resolve(this.#take(limit))),
        refuse: (refusal) => end(() => reject(refusal)),
      }
    })
  }

  /** Adds an update; who polls gets it with all else that is added in this turn of the event loop. */
  add(content: Record<string, unknown>, about: Pick<UpdateRecord, 'chat' | 'text'>): number {
    const id = this.#firstId + this.records.length
    this.records.push({ id, ...about, at: Date.now(), offered: 0, confirmedAt: null })
    this.#pending.push({ update_id: id, ...content })
    if (this.#waiting !== null && !this.#answerIsDue) {
      this.#answerIsDue = true
      setImmediate(() => {
        this.#answerIsDue = false
        this.#waiting?.answer()
      })
    }
    return id
  }

  /** What waits, for a webhook: the first of it counts as given out. */
  waiting(): FakeUpdate[] {
    return this.#take(1)
  }

  /** A webhook has taken an update. */
  delivered(id: number): void {
    this.#confirm(id + 1)
  }

  /** Forgets what waits, as `deleteWebhook` may ask. */
  drop(): void {
    this.#confirm(this.#firstId + this.records.length)
  }

  /** Ends the poll that waits. */
  close(): void {
    this.#waiting?.answer()
  }

  #confirm(offset: number): void {
    // Counted from the end when negative; one in the future stands for the end.
    const next = this.#firstId + this.records.length
    const below = offset < 0 ? next + offset : Math.min(offset, next)
    if (below <= this.confirmedOffset) return
    const now = Date.now()
    for (let id = this.confirmedOffset; id < below; id++) {
      const record = this.records[id - this.#firstId]
      if (record !== undefined) record.confirmedAt = now
    }
    this.confirmedOffset = below
    const kept = this.#pending.findIndex(({ update_id }) => update_id >= below)
    this.#pending = kept === -1 ? [] : this.#pending.slice(kept)
  }

  #take(limit: number): FakeUpdate[] {
    const taken = this.#pending.slice(0, limit)
    for (const { update_id } of taken) {
      const record = this.records[update_id - this.#firstId]
      if (record !== undefined) record.offered += 1
    }
    return taken
  }
}
