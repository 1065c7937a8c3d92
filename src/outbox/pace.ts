import type { Pace } from '../connector.ts'

/**
 * When the platform lets us send next. Sends are counted when they are made; a platform that says "too many" closes a
 * conversation until the time it names.
 */
export class PaceGate {
  readonly #pace: Pace
  /** When each conversation may be sent to again; entries in the past are swept. */
  readonly #conversations = new Map<string, number>()
  /** Times of the last minute's sends to each group. */
  readonly #groups = new Map<string, number[]>()
  /** Times of the last second's sends. */
  #second: number[] = []
  #sweptAt = 0
  /** What the clock said last. */
  #toldAt = 0

  constructor(pace: Pace) {
    this.#pace = pace
  }

  /** 0 when a send to the conversation may go now, else when to ask again. */
  openAt(conversation: string, now: number): number {
    this.#heed(now)
    let at = this.#conversations.get(conversation) ?? 0
    const { perSecond } = this.#pace
    if (limits(perSecond)) {
      this.#second = recent(this.#second, now - 1_000)
      if (this.#second.length >= perSecond) at = Math.max(at, (this.#second.at(-perSecond) ?? now) + 1_000)
    }
    if (this.#countsAsGroup(conversation)) {
      const { perGroupPerMinute } = this.#pace
      const sends = recent(this.#groups.get(conversation) ?? [], now - 60_000)
      if (sends.length >= perGroupPerMinute) at = Math.max(at, (sends.at(-perGroupPerMinute) ?? now) + 60_000)
    }
    return at <= now ? 0 : at
  }

  /** A send goes out now. */
  count(conversation: string, now: number): void {
    this.#heed(now)
    const { perConversationMs, perSecond } = this.#pace
    if (limits(perConversationMs)) this.close(conversation, now + perConversationMs, now)
    if (limits(perSecond)) this.#second.push(now)
    if (this.#countsAsGroup(conversation)) {
      this.#groups.set(conversation, [...recent(this.#groups.get(conversation) ?? [], now - 60_000), now])
    }
    this.#sweep(now)
  }

  /** Nothing goes to the conversation before `until`. */
  close(conversation: string, until: number, now: number): void {
    this.#heed(now)
    this.#conversations.set(conversation, Math.max(until, this.#conversations.get(conversation) ?? 0))
  }

  /** A clock that is put back takes all times along: else chats would wait for as long as it went back. */
  #heed(now: number): void {
    const back = this.#toldAt - now
    this.#toldAt = now
    if (back <= 0) return
    const earlier = (times: number[]): number[] => times.map((time) => time - back)
    for (const [conversation, at] of this.#conversations) this.#conversations.set(conversation, at - back)
    for (const [group, sends] of this.#groups) this.#groups.set(group, earlier(sends))
    this.#second = earlier(this.#second)
    this.#sweptAt -= back
  }

  #countsAsGroup(conversation: string): boolean {
    return limits(this.#pace.perGroupPerMinute) && this.#pace.isGroup(conversation)
  }

  /** Keeps memory to the conversations of the last minute, at a cost that is spread over as many sends. */
  #sweep(now: number): void {
    if (now - this.#sweptAt < 60_000) return
    this.#sweptAt = now
    for (const [conversation, at] of this.#conversations) if (at <= now) this.#conversations.delete(conversation)
    for (const [group, sends] of this.#groups) if ((sends.at(-1) ?? 0) <= now - 60_000) this.#groups.delete(group)
  }
}

function limits(value: number): boolean {
  return value > 0 && Number.isFinite(value)
}

function recent(times: number[], after: number): number[] {
  const first = times.findIndex((time) => time > after)
  if (first === 0) return times
  return first === -1 ? [] : times.slice(first)
}
