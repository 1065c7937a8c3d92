/** Comments that keep proxies and clients from thinking the connection dead. ms. */
const pingEveryMs = 15_000

const encoder = new TextEncoder()
const ping = encoder.encode(': ping\n\n')

/** Events as a `text/event-stream` answer (HTML standard, "Server-sent events"); see `frameStream`. */
export function eventStream<Event extends { type: string }>(
  open: (signal: AbortSignal) => AsyncIterable<Event>,
  describe: (error: unknown) => object,
  head: Record<string, string> = {},
): Promise<Response> {
  return frameStream(
    async function* (signal) {
      for await (const event of open(signal)) yield toFrame(event.type, event)
    },
    (error) => toFrame('error', describe(error)),
    () => head,
  )
}

/**
 * Frames as an answer. The first one is awaited before the answer begins, so that what is refused is an ordinary problem
 * with its status, and so that `head` can tell of it; a later failure is what `failed` makes of it. The stream is pulled: a
 * reader that does not read gets no more, and what waits for it is joined together by its source. The signal is aborted
 * when the reader leaves.
 */
export async function frameStream(
  open: (signal: AbortSignal) => AsyncIterable<string>,
  failed: (error: unknown) => string,
  head: () => Record<string, string>,
): Promise<Response> {
  const left = new AbortController()
  const frames = open(left.signal)[Symbol.asyncIterator]()
  const first = await frames.next()
  let pinging: NodeJS.Timeout
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (!first.done) controller.enqueue(encoder.encode(first.value))
      pinging = setInterval(() => {
        if (controller.desiredSize !== null && controller.desiredSize > 0) controller.enqueue(ping)
      }, pingEveryMs)
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
      clearInterval(pinging)
      controller.close()
    },
    async cancel() {
      clearInterval(pinging)
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

export function toFrame(event: string, data: object, id?: number): string {
  const place = id === undefined ? '' : `id: ${id}\n`
  return `${place}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
