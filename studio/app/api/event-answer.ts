import { eventsOf, type StreamEvent } from './event-stream.ts'
import { type RequestOptions, send } from './request.ts'

export type AnswerEvent = Pick<StreamEvent, 'name' | 'data'>

/** ms; an answer takes as long as its models do. */
const longestMs = 11 * 60_000

/**
 * The events of a request that is answered with a stream. Throws as `request` does; a stream that breaks off is a
 * `ConnectionLost`, and an abort by `signal` stays an abort.
 */
export async function* answerEvents(path: string, options: RequestOptions): AsyncGenerator<AnswerEvent> {
  const headers = { ...options.headers, accept: 'text/event-stream' }
  yield* eventsOf(await send(path, { method: 'POST', timeoutMs: longestMs, ...options, headers }), options.signal)
}
