import type { Response as UndiciResponse } from 'undici'
import { AsyncvError } from '../errors.ts'

/** The same answer, whose body fails where it is larger than that: it may be compressed, so its stated length says little. */
export function atMost(maxBytes: number, { body, status, statusText, headers }: UndiciResponse): Response {
  const init = { status, statusText, headers: [...headers] as [string, string][] }
  if (body === null) return new Response(null, init)
  let size = 0
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.byteLength
      if (size <= maxBytes) return controller.enqueue(chunk)
      controller.error(new AsyncvError('egress_refused', `The answer is larger than ${maxBytes} bytes.`))
    },
  })
  return new Response((body as unknown as ReadableStream<Uint8Array>).pipeThrough(counted), init)
}
