/**
 * Who asks, as the protocols see it: the library's own words, limited to what this caller may do. REST, the OpenAI routes
 * and MCP speak to this and to nothing behind it, so that a request means the same in each of them.
 */
import type { Asyncv } from 'asyncv'
import type { Context } from 'hono'

export type Caller = Pick<
  Asyncv,
  | 'agents'
  | 'send'
  | 'stream'
  | 'accept'
  | 'reply'
  | 'cancel'
  | 'retry'
  | 'timeline'
  | 'task'
  | 'tasks'
  | 'steps'
  | 'session'
  | 'sessions'
  | 'messages'
  | 'deliveries'
  | 'retryDelivery'
  | 'discardDelivery'
  | 'stats'
>

/** Who sent a request; the service has found it out before any route is asked. */
export type CallerOf = (c: Context) => Caller
