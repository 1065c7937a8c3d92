import type { ChatBody } from './request.ts'
import type { ResponseHeaders } from './retry-after.ts'

/** How requests reach the service. It decides nothing and never retries. */
export interface Transport {
  /** The host, for people. */
  readonly name: string
  /** `POST /chat/completions`. */
  complete(body: ChatBody, receiver: Receiver): Exchange
  /** `GET /models`. */
  models(receiver: Receiver): Exchange
  /** Closes kept connections. */
  close(): Promise<void>
}

/** Hears a response: `head`, any number of `bytes`, `end`; or `failed` instead of what is left. Nothing after `abort`. */
export interface Receiver {
  head(status: number, headers: ResponseHeaders): void
  bytes(bytes: Buffer): void
  end(): void
  failed(failure: unknown): void
}

export interface Exchange {
  /** Breaks it off and closes its connection. May be called at any time, and twice. */
  abort(): void
  /** Stops reading until `resume`; a few more bytes may come. */
  pause(): void
  resume(): void
}
