/** One attempt at one delivery. */
import { Agent, request } from 'undici'
import { addressProblem, publicLookup } from './address.ts'

export interface Attempt {
  url: string
  heads: Record<string, string>
  body: string
  signal: AbortSignal
}

export type Sent =
  | { type: 'taken' }
  /** `forGood`: the receiver says that it is gone. */
  | { type: 'failed'; problem: string; forGood: boolean }

export interface Sender {
  send(attempt: Attempt): Promise<Sent>
  close(): Promise<void>
}

/** As Standard Webhooks advise. ms. */
const answerMs = 15_000
/** What a receiver says is not read beyond that. bytes. */
const mostAnswer = 64 * 1024

export function createSender({ allowPrivate }: { allowPrivate: boolean }): Sender {
  const connect = { timeout: 5_000, ...(allowPrivate ? {} : { lookup: publicLookup() }) }
  const agent = new Agent({ connect, headersTimeout: answerMs, bodyTimeout: answerMs, maxHeaderSize: 16_384 })
  return { send, close: () => agent.destroy() }

  async function send({ url, heads, body, signal }: Attempt): Promise<Sent> {
    const problem = addressProblem(url, { allowPrivate })
    if (problem !== null) return { type: 'failed', problem, forGood: false }
    try {
      const answer = await request(url, {
        dispatcher: agent,
        method: 'POST',
        headers: { ...heads, 'content-type': 'application/json', 'user-agent': 'asyncv-studio' },
        body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
      })
      const { statusCode: status } = answer
      await answer.body.dump({ limit: mostAnswer }).catch(() => {})
      if (status >= 200 && status < 300) return { type: 'taken' }
      if (status >= 300 && status < 400) {
        return { type: 'failed', problem: `answers ${status}; redirects are not followed`, forGood: false }
      }
      return { type: 'failed', problem: `answers ${status}`, forGood: status === 410 }
    } catch (error) {
      if (signal.aborted) throw error
      return { type: 'failed', problem: reasonOf(error), forGood: false }
    }
  }
}

function reasonOf(error: unknown): string {
  const { name, code, message } = error as NodeJS.ErrnoException
  if (code === 'EPRIVATE') return message
  if (name === 'TimeoutError' || code === 'UND_ERR_HEADERS_TIMEOUT')
    return `does not answer within ${answerMs / 1_000} s`
  return `cannot be reached: ${code ?? message}`
}
