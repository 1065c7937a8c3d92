/** Speaks HTTP to the listeners of a runtime: goes where it was told and nowhere else, and waits no longer than it may. */
import type { Readable } from 'node:stream'
import { Agent, type Dispatcher, request } from 'undici'
import { Problem } from '../http/problem.ts'

export interface Call {
  method: string
  /** A listener's address, as it is kept. */
  base: string
  /** From "/" on, as it stands in an address. */
  path: string
  key: string
  headers?: Record<string, string>
  body?: string | Readable
  signal?: AbortSignal
  /** Until the answer begins. ms, default 10,000. */
  waitMs?: number
}

export interface Answered {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: Dispatcher.ResponseData['body']
}

export interface RuntimeClient {
  /** Throws `runtime_unreachable` with the address and the way out, and `runtime_refused`. Read the body, or destroy it. */
  call(call: Call): Promise<Answered>
  /** The same for an answer that is JSON, which may take three times as long as its beginning. */
  json(call: Call): Promise<{ status: number; value: unknown }>
  close(): Promise<void>
}

/** More in one answer is none that is read as a whole. bytes. */
const mostJson = 16 * 1024 * 1024
/** ms. */
const usualWaitMs = 10_000

export function createRuntimeClient(): RuntimeClient {
  // A runtime's streams say something every 15 s; one that says nothing for so long is gone.
  const agent = new Agent({ connect: { timeout: 5_000 }, bodyTimeout: 120_000 })
  return { call, json, close: () => agent.destroy() }

  async function call({
    method,
    base,
    path,
    key,
    headers,
    body,
    signal,
    waitMs = usualWaitMs,
  }: Call): Promise<Answered> {
    let answer: Dispatcher.ResponseData
    try {
      answer = await request(base + path, {
        dispatcher: agent,
        method: method as Dispatcher.HttpMethod,
        headers: { ...headers, authorization: `Bearer ${key}` },
        body: body ?? null,
        signal: signal ?? null,
        headersTimeout: waitMs,
      })
    } catch (error) {
      if (signal?.aborted === true) throw error
      throw unreachable(base, error)
    }
    const { statusCode: status } = answer
    // Also a body that nobody reads fails when it is cut, and an error that nobody hears ends the process.
    answer.body.on('error', () => {})
    if (status < 200 || status > 599) {
      answer.body.destroy()
      throw new Problem('runtime_unreachable', `What answers at ${base} is no asyncv runtime.`, { hint: checkAddress })
    }
    if (status >= 300 && status < 400 && status !== 304) {
      answer.body.destroy()
      throw new Problem('runtime_unreachable', `${base} leads to another address.`, {
        hint: 'Give the address of the runtime itself: Studio takes its key nowhere else.',
      })
    }
    if (status === 401) {
      answer.body.destroy()
      throw new Problem('runtime_refused', `${base} does not take the key that Studio has for it.`, {
        hint: 'Make a new one on its host with "asyncv keys create studio --scopes invoke,read,operate,configure --space \'*\'", and give it to Studio.',
      })
    }
    return { status, headers: answer.headers, body: answer.body }
  }

  async function json(given: Call): Promise<{ status: number; value: unknown }> {
    const { base, waitMs = usualWaitMs } = given
    // One that says a letter now and then would be waited for without end.
    const late = AbortSignal.timeout(3 * waitMs)
    const signal = given.signal === undefined ? late : AbortSignal.any([given.signal, late])
    const chunks: Buffer[] = []
    let size = 0
    try {
      const { status, body } = await call({ ...given, signal })
      for await (const chunk of body as AsyncIterable<Buffer>) {
        size += chunk.length
        if (size > mostJson) throw new Error('the answer is too long')
        chunks.push(chunk)
      }
      return { status, value: size === 0 ? null : JSON.parse(Buffer.concat(chunks).toString('utf8')) }
    } catch (error) {
      if (given.signal?.aborted === true || error instanceof Problem) throw error
      throw error instanceof SyntaxError
        ? new Problem('runtime_unreachable', `What answers at ${base} is no asyncv runtime.`, { hint: checkAddress })
        : unreachable(base, late.aborted ? new Error('it takes too long to answer') : error)
    }
  }
}

const checkAddress = 'Check the address: by default the API of a runtime is on port 7400, and its management on 7401.'

function unreachable(base: string, error: unknown): Problem {
  const { code, message } = error as NodeJS.ErrnoException
  const why = reasons[code ?? ''] ?? message
  return new Problem('runtime_unreachable', `${base} cannot be reached: ${why}.`, {
    hint: `Is the runtime started, and reachable from the host of Studio? ${checkAddress}`,
  })
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  ENOTFOUND: 'there is no such name',
  EAI_AGAIN: 'the name cannot be looked up',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  UND_ERR_CONNECT_TIMEOUT: 'nobody answers there',
  UND_ERR_HEADERS_TIMEOUT: 'it takes too long to answer',
  UND_ERR_BODY_TIMEOUT: 'it stopped answering',
  UND_ERR_SOCKET: 'the connection was cut',
}
