import type OpenAI from 'openai'
import type { ChatBody } from './request.ts'
import type { Exchange, Receiver, Transport } from './transport.ts'

/** What is used of an official client. Azure's and other subclasses have it too. */
export type OfficialClient = Pick<OpenAI, 'apiKey' | 'baseURL' | 'chat' | 'models'>

/**
 * Requests through an instance of the official `openai` client: its credentials, headers and `fetch`, with its retries
 * off. Only the raw response is taken from it, so both transports are read by the same code; its own stream reader does
 * not tell whether `[DONE]` came.
 */
export function clientTransport(client: OfficialClient, totalMs: number): Transport {
  const options = (signal: AbortSignal): OpenAI.RequestOptions => ({ signal, maxRetries: 0, timeout: totalMs })
  return {
    name: new URL(client.baseURL).host,
    complete: (body: ChatBody, receiver) =>
      exchange((signal) => client.chat.completions.create(body, options(signal)).asResponse(), receiver),
    models: (receiver) => exchange((signal) => client.models.list(options(signal)).asResponse(), receiver),
    // The client is its owner's.
    close: async () => {},
  }
}

function exchange(send: (signal: AbortSignal) => Promise<Response>, receiver: Receiver): Exchange {
  const controller = new AbortController()
  const { signal } = controller
  receive(send, receiver, signal).catch((failure: unknown) => {
    if (signal.aborted) return
    if (isStatusError(failure)) {
      receiver.head(failure.status, Object.fromEntries(failure.headers ?? []))
      receiver.bytes(Buffer.from(JSON.stringify({ error: failure.error ?? failure.message })))
      receiver.end()
    } else receiver.failed(failure)
  })
  // A reader that is slow holds its answer in memory here; `fetch` has no pause.
  return { abort: () => controller.abort(), pause() {}, resume() {} }
}

async function receive(
  send: (signal: AbortSignal) => Promise<Response>,
  receiver: Receiver,
  signal: AbortSignal,
): Promise<void> {
  const response = await send(signal)
  if (signal.aborted) return
  receiver.head(response.status, Object.fromEntries(response.headers))
  if (response.body !== null) {
    const reader = response.body.getReader()
    for (;;) {
      const { value, done } = await reader.read()
      if (signal.aborted) return
      if (done) break
      receiver.bytes(Buffer.from(value.buffer, value.byteOffset, value.byteLength))
    }
  }
  receiver.end()
}

/** The client throws its `APIError` for every status that is not 2xx; it has read the body by then. */
function isStatusError(
  failure: unknown,
): failure is { status: number; headers?: Headers; error?: unknown; message: string } {
  return failure instanceof Error && 'status' in failure && typeof failure.status === 'number'
}
