import type { IncomingHttpHeaders } from 'node:http'
import type { ChatRequest } from './reply.ts'

/** One request, as a test judges it. */
export interface LedgerEntry {
  /** Position in the ledger, from 1. */
  n: number
  method: string
  path: string
  headers: IncomingHttpHeaders
  /** Parsed; `undefined` without a body, a string when it is no JSON. */
  body: ChatRequest
  /** ms since the epoch: when the request was there whole, and when its exchange was over. */
  at: number
  endedAt: number | null
  /**
   * `open`: being answered · `completed`: the whole response was handed to the client's socket · `cut`: the client went
   * away first · `broken`: the script's fault ended it.
   */
  outcome: 'open' | 'completed' | 'cut' | 'broken'
}
