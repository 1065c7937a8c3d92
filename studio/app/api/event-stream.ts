import { ConnectionLost } from './problem.ts'

export interface StreamEvent {
  /** `message` where it has none. */
  name: string
  /** Parsed from JSON. */
  data: unknown
  /** Empty where it has none. */
  id: string
}

/**
 * The server-sent events of an answer; comments and what is no JSON are passed over. Throws `ConnectionLost` when it
 * breaks off; an abort by `signal` stays an abort.
 */
export async function* eventsOf({ body }: Response, signal?: AbortSignal): AsyncGenerator<StreamEvent> {
  const reader = body?.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, never>).getReader()
  if (!reader) return
  let text = ''
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        if (signal?.aborted) throw cause
        throw new ConnectionLost('cut', { cause })
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

function parsed(frame: string): StreamEvent | null {
  let name = 'message'
  let data = ''
  let id = ''
  for (const line of frame.split('\n')) {
    if (line.startsWith('event: ')) name = line.slice(7)
    if (line.startsWith('data: ')) data += line.slice(6)
    if (line.startsWith('id: ')) id = line.slice(4)
  }
  if (data === '') return null
  try {
    return { name, data: JSON.parse(data) as unknown, id }
  } catch {
    return null
  }
}
