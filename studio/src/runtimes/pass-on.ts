/**
 * Passes a browser's request on to a runtime and the answer back, as streams: what a reader does not take, nobody reads, and who
 * leaves ends it. The key is put in here and is in nothing that goes back; of the browser's heads only those pass that say
 * what is asked, and of the runtime's those that say what is answered.
 */
import { Readable } from 'node:stream'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { Problem } from '../http/problem.ts'
import type { RuntimeClient } from './client.ts'
import { headsBack } from './heads-back.ts'

const there = [
  'accept',
  'content-type',
  'content-length',
  'idempotency-key',
  'if-none-match',
  'last-event-id',
  'prefer',
  'range',
  'traceparent',
  'x-asyncv-session',
]
/** A reply waits for its model for as long as the runtime lets it. ms. */
const longestMs = 11 * 60_000
/** Who gives a deed up does not know whether it was done, and a long audit log takes its time. ms. */
const patientMs = 60_000
/** A page waits for 30 s for what it reads: it is told by then that it is the runtime that does not answer. ms. */
const readMs = 25_000

export interface Passed {
  request: Request
  requestId: string
  base: string
  /** With the query. */
  path: string
  key: string
  /** Ends it, besides the browser. */
  signal: AbortSignal
  /** Called once, when the answer is over, however that came. */
  over(): void
  /** Cuts the browser's connection: an answer that ended early must not look whole. */
  cut(): void
}

/** Throws `runtime_unreachable` and `runtime_refused`, and `unauthenticated` when the session ends meanwhile. */
export async function passOn(client: RuntimeClient, given: Passed): Promise<Response> {
  const { request, requestId, base, path, key, over } = given
  const { method } = request
  try {
    const answer = await client.call({
      method,
      base,
      path,
      key,
      headers: { ...headsOf(request.headers), 'x-request-id': requestId },
      ...(request.body === null ? {} : { body: Readable.fromWeb(request.body as NodeReadableStream) }),
      signal: AbortSignal.any([request.signal, given.signal]),
      waitMs: waitMsFor(method, path),
    })
    answer.body.once('close', over)
    const headers = headsBack(answer.headers, requestId)
    if ([204, 205, 304].includes(answer.status)) {
      void answer.body.dump({ limit: 65_536 }).catch(() => {}) // whoever says more than none is cut
      return new Response(null, { status: answer.status, headers })
    }
    return new Response(bodyOf(answer.body, given.cut), { status: answer.status, headers })
  } catch (error) {
    over()
    if (given.signal.aborted) throw new Problem('unauthenticated', 'The session has ended meanwhile.')
    if (request.signal.aborted) throw new Problem('request_malformed', 'Whoever asked has gone.')
    throw error
  }
}

/** Until the answer begins; what a page waits is in `app/api/patience.ts`, and is more but for POST. */
export function waitMsFor(method: string, path: string): number {
  if (method === 'POST') return longestMs
  return method === 'GET' && !path.startsWith('/admin/v1/audit/verify') ? readMs : patientMs
}

function headsOf(headers: Headers): Record<string, string> {
  return Object.fromEntries(there.flatMap((name) => (headers.get(name) === null ? [] : [[name, headers.get(name)!]])))
}

/** Nothing is read ahead of who reads. */
function bodyOf(source: Readable, cut: () => void): ReadableStream<Uint8Array> {
  const chunks = source.iterator() as AsyncIterator<Uint8Array>
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await chunks.next()
          if (done !== true) return controller.enqueue(value)
        } catch {
          // The runtime went away, or the session ended: neither is a failure of Studio's that its log should tell.
          cut()
        }
        controller.close()
      },
      cancel: () => void source.destroy(),
    },
    { highWaterMark: 0 },
  )
}
