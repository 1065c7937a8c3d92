/** Comments that keep proxies and clients from thinking the connection dead. ms. */
const pingEveryMs = 15_000

const encoder = new TextEncoder()

/**
 * Events as a `text/event-stream` answer (HTML standard, "Server-sent events"). The first event is awaited before the
 * answer begins, so that what is refused is an ordinary problem with its status; a later failure is an `error` event.
 * The stream is pulled: a reader that does not read gets no more, and what waits for it is joined together by its source.
 */
export async function eventStream<Event extends { type: string }>(
  events: AsyncIterable<Event>,
  toError: (error: unknown) => object,
): Promise<Response> {
  const iterator = events[Symbol.asyncIterator]()
  let pending: Promise<IteratorResult<Event>> | null = Promise.resolve(await iterator.next())
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      pending ??= iterator.next()
      const ping = timer(pingEveryMs)
      try {
        const next = await Promise.race([pending, ping.over])
        if (next === 'ping') return controller.enqueue(encoder.encode(': ping\n\n'))
        pending = null
        if (next.done) return controller.close()
        controller.enqueue(frame(next.value.type, next.value))
      } catch (error) {
        controller.enqueue(frame('error', toError(error)))
        controller.close()
      } finally {
        ping.clear()
      }
    },
    async cancel() {
      await iterator.return?.()
    },
  })
  return new Response(body, {
    headers: {
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

function timer(ms: number): { over: Promise<'ping'>; clear(): void } {
  let clear = (): void => {}
  const over = new Promise<'ping'>((resolve) => {
    const timeout = setTimeout(() => resolve('ping'), ms)
    clear = () => clearTimeout(timeout)
  })
  return { over, clear }
}
