/** How much a bot may write before it is told to wait. */
import { Refusal } from './refusal.ts'

export interface FloodLimits {
  /** Messages to one chat in any second. */
  perChatPerSecond?: number
  /** Messages in any second, all chats together. */
  perSecond?: number
}

export class Flood {
  readonly #limits: FloodLimits
  readonly #chats = new Map<number, number[]>()
  #all: number[] = []

  constructor(limits: FloodLimits) {
    this.#limits = limits
  }

  /** Throws a 429 when there were too many; else it counts. */
  admit(chat: number): void {
    const { perChatPerSecond = Number.POSITIVE_INFINITY, perSecond = Number.POSITIVE_INFINITY } = this.#limits
    if (perChatPerSecond === Number.POSITIVE_INFINITY && perSecond === Number.POSITIVE_INFINITY) return
    const now = Date.now()
    const ofChat = (this.#chats.get(chat) ?? []).filter((at) => at > now - 1_000)
    this.#all = this.#all.filter((at) => at > now - 1_000)
    if (ofChat.length >= perChatPerSecond || this.#all.length >= perSecond) {
      throw new Refusal(429, 'Too Many Requests: retry after 1', 1)
    }
    this.#chats.set(chat, [...ofChat, now])
    this.#all.push(now)
  }
}
