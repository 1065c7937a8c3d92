/** Sends updates to a bot's webhook (core.telegram.org/bots/api#setwebhook), each again until it gets a 2xx. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { UpdateQueue } from './update-queue.ts'

export interface WebhookTarget {
  url: string
  secretToken: string | null
}

/** Waits between tries; Telegram's own are longer. ms. */
const againMs = 50

export class WebhookSender {
  readonly #updates: UpdateQueue
  #sending: Promise<void> = Promise.resolve()
  #ended = new AbortController()
  /** The status of each answer, in order; 0 where there was none. */
  readonly answers: number[] = []

  constructor(updates: UpdateQueue) {
    this.#updates = updates
  }

  /** Null sends nothing any more. */
  aim(target: WebhookTarget | null): void {
    this.#ended.abort()
    this.#ended = new AbortController()
    if (target !== null) this.#sending = this.#send(target, this.#ended.signal)
  }

  async close(): Promise<void> {
    this.aim(null)
    await this.#sending
  }

  /** One at a time, oldest first, as with `max_connections: 1`. */
  async #send({ url, secretToken }: WebhookTarget, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const [update] = this.#updates.waiting()
      if (update === undefined) {
        await sleep(5)
        continue
      }
      const headers: Record<string, string> = { 'Content-Type': 'application/json' }
      if (secretToken !== null) headers['X-Telegram-Bot-Api-Secret-Token'] = secretToken
      const body = JSON.stringify(update)
      const status = await fetch(url, { method: 'POST', headers, body, signal }).then(
        async (response) => {
          await response.arrayBuffer()
          return response.status
        },
        () => 0,
      )
      if (signal.aborted) return
      this.answers.push(status)
      if (status >= 200 && status < 300) this.#updates.delivered(update.update_id)
      else await sleep(againMs)
    }
  }
}
