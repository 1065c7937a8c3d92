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

  /** Counts the answer that somebody else makes, while it is made and, if it is a stream, until that has ended. */
  async counted(make: () => Promise<Response>): Promise<Response> {
    const leave = this.#enter()
    const response = await make().catch((error: unknown) => {
      leave()
      throw error
    })
    const reader = isStream(response) ? response.body?.getReader() : undefined
    if (reader === undefined) {
      leave()
      return response
    }
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (!done) return controller.enqueue(value)
        } catch (error) {
          leave()
          return controller.error(error)
        }
        leave()
        controller.close()
      },
      async cancel(reason) {
        leave()
        await reader.cancel(reason)
      },
    })
    return new Response(body, { status: response.status, headers: response.headers })
  }

  /** Takes a place; what it gives gives that back, once. Throws `streams_full`. */
  #enter(): () => void {
    if (this.#open >= this.#limits.max) throw full(this.#limits.max)
    this.#open++
    let inside = true
    return () => {
      if (inside) this.#open--
      inside = false
    }
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
    const leave = this.#enter()
    const left = new AbortController()
    const frames = open(left.signal)[Symbol.asyncIterator]()
    let pinging: NodeJS.Timeout | undefined
    const end = (): void => {
      clearInterval(pinging)
      leave()
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

function isStream({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') === true
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
