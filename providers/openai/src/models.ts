import { AsyncvError, type ModelInfo, type ProviderError } from 'asyncv'
import type { CallPorts } from './call.ts'
import { networkFailure, refusal, timeout, unreadable, withheld } from './errors.ts'
import { maxEventBytes } from './sse.ts'
import type { ResponseHeaders } from './retry-after.ts'
import type { Exchange, Receiver } from './transport.ts'
import { Watchdog } from './watchdog.ts'

/** Lists the models of a service. Does not reject; an aborted signal is an error like any other. */
export function fetchModels(
  { transport, service, timeouts }: CallPorts,
  signal: AbortSignal = neverAborted,
): Promise<{ models: ModelInfo[] } | { error: ProviderError }> {
  return new Promise((resolve, reject) => {
    const body: Buffer[] = []
    let size = 0
    let exchange: Exchange | null = null
    let status = 0
    let headers: ResponseHeaders = {}
    const settle = (result: { models: ModelInfo[] } | { error: ProviderError }): void => {
      watchdog.stop()
      signal.removeEventListener('abort', onAbort)
      resolve(result)
    }
    const breakOff = (error: ProviderError): void => {
      exchange?.abort()
      settle({ error })
    }
    const onAbort = (): void => breakOff(networkFailure(service, signal.reason))
    const watchdog = new Watchdog(timeouts, (which, ms) => breakOff(timeout(service, which, ms)))
    const receiver: Receiver = {
      head(code, fields) {
        status = code
        headers = fields
      },
      bytes(bytes) {
        watchdog.hear()
        body.push(bytes)
        size += bytes.length
        if (size > maxEventBytes) breakOff(unreadable(service, `more than ${maxEventBytes} bytes`))
      },
      end() {
        const text = Buffer.concat(body).toString()
        if (status < 200 || status > 299) return settle({ error: refusal(service, status, headers, text, Date.now()) })
        const models = idsIn(text)
        settle(models === null ? { error: unreadable(service, 'something else than a list of models') } : { models })
      },
      failed: (failure) => settle({ error: networkFailure(service, failure) }),
    }
    try {
      exchange = transport.models(receiver)
    } catch (error) {
      return error instanceof AsyncvError ? settle({ error: withheld(service, error) }) : reject(error)
    }
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}

const neverAborted = new AbortController().signal

/** `{ data: [{ id }] }`; null for anything else. */
function idsIn(text: string): ModelInfo[] | null {
  try {
    const { data } = JSON.parse(text) as { data: { id: unknown }[] }
    return data.map(({ id }) => ({ id: String(id) }))
  } catch {
    return null
  }
}
