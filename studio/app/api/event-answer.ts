import { ConnectionLost } from './problem.ts'
import { type RequestOptions, send } from './request.ts'

export interface AnswerEvent {
  name: string
  /** Parsed from JSON. */
  data: unknown
}

/** ms; an answer takes as long as its models do. */
const longestMs = 11 * 60_000

/**
 * The events of a request that is answered with a stream (`EventSource` cannot send a body). Throws as `request` does; a
 * stream that breaks off is a `ConnectionLost`, and an abort by `signal` stays an abort.
 */
export async function* answerEvents(path: string, options: RequestOptions): AsyncGenerator<AnswerEvent> {
  const headers = { ...options.headers, accept: 'text/event-stream' }
  const answer = await send(path, { method: 'POST', timeoutMs: longestMs, ...options, headers })
  const reader = answer.body?.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, never>).getReader()
  if (!reader) return
  let text = ''
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        if (options.signal?.aborted) throw cause
        throw new ConnectionLost(false, { cause })
      })
      if (done) return
      text += value
      const frames = text.split('\n\n')
      text = frames.pop() ?? ''
      for (const frame of frames) {
        const event = parsed(frame)
        if (event) yield event
      }
    }
  } finally {
    void reader.cancel().catch(() => {})
  }
}

/** Null for a comment, and for what is no JSON. */
function parsed(frame: string): AnswerEvent | null {
  let name = 'message'
  let data = ''
  for (const line of frame.split('\n')) {
    if (line.startsWith('event: ')) name = line.slice(7)
    if (line.startsWith('data: ')) data += line.slice(6)
  }
  if (data === '') return null
  try {
    return { name, data: JSON.parse(data) as unknown }
  } catch {
    return null
  }
}
