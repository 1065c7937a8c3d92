import { Problem } from './problem.ts'

export interface StreamLimits {
  /** Streams open at once; one more is answered 503. */
  max: number
  /** How often a comment keeps proxies and clients from thinking the connection dead. ms. */
  pingMs: number
}

const encoder = new TextEncoder()
const ping = encoder.encode(': ping\n\n')

/** The event streams of a service (HTML standard, "Server-sent events"), within their limits. */
export class EventStreams {
  readonly #limits: StreamLimits
  #open = 0

  constructor(limits: StreamLimits) {
    this.#limits = limits
  }

  /** Events as an answer; see `frames`. */
  events<Event extends { type: string }>(
    open: (signal: AbortSignal) => AsyncIterable<Event>,
    describe: (error: unknown) => object,
    head: Record<string, string> = {},
  ): Promise<Response> {
    return this.frames(
      async function* (signal) {
        for await (const event of open(signal)) yield toFrame(event.type, event)
      },
      (error) => toFrame('error', describe(error)),
      () => head,
    )
  }

  /**
   * Frames as an answer. The first one is awaited before the answer begins, so that what is refused is an ordinary problem
   * with its status, and so that `head` can tell of it; a later failure is what `failed` makes of it. The stream is pulled:
   * a reader that does not read gets no more, and what waits for it is joined together by its source. The signal is
   * aborted when the reader leaves.
   */
  async frames(
    open: (signal: AbortSignal) => AsyncIterable<string>,
    failed: (error: unknown) => string,
    head: () => Record<string, string>,
  ): Promise<Response> {
    if (this.#open >= this.#limits.max) throw full(this.#limits.max)
    this.#open++
    const left = new AbortController()
    const frames = open(left.signal)[Symbol.asyncIterator]()
    let pinging: NodeJS.Timeout | undefined
    let ended = false
    const end = (): void => {
      if (ended) return
      ended = true
      clearInterval(pinging)
      this.#open--
    }
    const first = await frames.next().catch((error: unknown) => {
      end()
      throw error
    })
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        if (!first.done) controller.enqueue(encoder.encode(first.value))
        pinging = setInterval(() => {
          if (controller.desiredSize !== null && controller.desiredSize > 0) controller.enqueue(ping)
        }, this.#limits.pingMs)
      },
      async pull(controller) {
        try {
          const { done, value } = await frames.next()
          if (left.signal.aborted) return
          if (!done) return controller.enqueue(encoder.encode(value))
        } catch (error) {
          if (left.signal.aborted) return
          controller.enqueue(encoder.encode(failed(error)))
        }
        end()
        controller.close()
      },
      async cancel() {
        end()
        left.abort()
        await frames.return?.()
      },
    })
    return new Response(body, {
      headers: {
        ...head(),
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        // nginx buffers otherwise.
        'X-Accel-Buffering': 'no',
      },
    })
  }
}

export function toFrame(event: string, data: object, id?: number): string {
  const place = id === undefined ? '' : `id: ${id}\n`
  return `${place}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

function full(max: number): Problem {
  return new Problem('streams_full', `${max} streams are open already.`, {
    hint: 'Come again, or raise server.limits.streams.',
    headers: { 'Retry-After': '5' },
  })
}
