/** Comments that keep proxies and clients from thinking the connection dead. ms. */
const pingEveryMs = 15_000

const encoder = new TextEncoder()
const ping = encoder.encode(': ping\n\n')

/**
 * Events as a `text/event-stream` answer (HTML standard, "Server-sent events"). The first event is awaited before the
 * answer begins, so that what is refused is an ordinary problem with its status; a later failure is an `error` event.
 * The stream is pulled: a reader that does not read gets no more, and what waits for it is joined together by its source.
 */
export async function eventStream<Event extends { type: string }>(
  open: (signal: AbortSignal) => AsyncIterable<Event>,
  describe: (error: unknown) => object,
  head: Record<string, string> = {},
): Promise<Response> {
  const left = new AbortController()
  const events = open(left.signal)[Symbol.asyncIterator]()
  const first = await events.next()
  let pinging: NodeJS.Timeout
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (!first.done) controller.enqueue(frame(first.value.type, first.value))
      pinging = setInterval(() => {
        if (controller.desiredSize !== null && controller.desiredSize > 0) controller.enqueue(ping)
      }, pingEveryMs)
    },
    async pull(controller) {
      try {
        const { done, value } = await events.next()
        if (left.signal.aborted) return
        if (!done) return controller.enqueue(frame(value.type, value))
      } catch (error) {
        if (left.signal.aborted) return
        controller.enqueue(frame('error', describe(error)))
      }
      clearInterval(pinging)
      controller.close()
    },
    async cancel() {
      clearInterval(pinging)
      left.abort()
      await events.return?.()
    },
  })
  return new Response(body, {
    headers: {
      ...head,
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // nginx buffers otherwise.
      'X-Accel-Buffering': 'no',
    },
  })
}

function frame(event: string, data: object): Uint8Array {
  return encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}
