/** Calls of the Bot API (core.telegram.org/bots/api#making-requests), each made once, over kept connections. */
import { reveal } from 'asyncv'
import { type Dispatcher, Pool, ProxyAgent } from 'undici'
import { z } from 'zod'
import { CallError } from './call-error.ts'
import { botId, type ResolvedOptions } from './options.ts'

export interface BotApi {
  /**
   * Resolves with the answer's `result`; rejects with a `CallError`. `holdMs` is how long Telegram was asked to hold the
   * answer back. Once the signal is aborted the connection is closed at once.
   */
  call(method: string, parameters: object, options?: { signal?: AbortSignal; holdMs?: number }): Promise<unknown>
  /** Closes the connections, and what is still under way with them: nobody waits for it any more. */
  close(): Promise<void>
}

/** More than the largest batch of updates: 100 messages, each with a message that it answers. */
const maxAnswerBytes = 16 * 1024 * 1024

const answerSchema = z.union([
  z.object({ ok: z.literal(true), result: z.unknown() }),
  z.object({
    ok: z.literal(false),
    error_code: z.number(),
    description: z.string(),
    parameters: z.object({ retry_after: z.number().optional() }).optional(),
  }),
])

export function botApi({ token, apiRoot, proxy, timeouts }: ResolvedOptions): BotApi {
  const { origin, pathname } = new URL(apiRoot)
  const folder = pathname.replace(/\/$/, '')
  const connections = connect(origin, proxy, timeouts.connectMs)
  let bot: string | null = null

  /** The token as it is now: it may have been replaced since the last call, though not by one of another bot. */
  function current(method: string): string {
    try {
      const secret = reveal(token, origin)
      bot ??= botId(secret)
      if (bot !== botId(secret)) throw new Error(`the token is of bot ${botId(secret)} now; start anew to be that one`)
      return secret
    } catch (error) {
      throw new CallError(method, { type: 'unsent', origin }, error as Error)
    }
  }

  return {
    async call(method, parameters, { signal, holdMs = 0 } = {}) {
      const secret = current(method)
      const request: Dispatcher.DispatchOptions = {
        origin,
        path: `${folder}/bot${secret}/${method}`,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(parameters),
        headersTimeout: holdMs + timeouts.answerMs,
        bodyTimeout: timeouts.answerMs,
      }
      const answer = await exchange(connections, request, signal).catch((error: Interruption) => {
        const { written, reason } = error
        throw new CallError(method, { type: written ? 'cut' : 'unsent', origin }, withoutSecret(reason, secret))
      })
      return resultOf(method, answer)
    },
    close: () => connections.destroy(),
  }
}

function connect(origin: string, proxy: string | undefined, connectMs: number): Dispatcher {
  const settings = { connect: { timeout: connectMs }, maxResponseSize: maxAnswerBytes }
  return proxy === undefined
    ? new Pool(origin, settings)
    : new ProxyAgent({ ...settings, uri: proxy, proxyTls: { timeout: connectMs } })
}

interface Answer {
  status: number
  body: string
}

/** Why no whole answer came, and whether a byte of the request may have left: what decides about a second try. */
interface Interruption {
  written: boolean
  reason: unknown
}

/**
 * One request and its answer. Speaks to undici's dispatcher itself, because only there one can see whether the request
 * was ever begun on a connection.
 */
function exchange(connections: Dispatcher, request: Dispatcher.DispatchOptions, signal?: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let begun: Dispatcher.DispatchController | null = null
    let status = 0
    const chunks: Buffer[] = []

    const fail = (reason: unknown): void => {
      signal?.removeEventListener('abort', abort)
      reject({ written: begun !== null, reason } satisfies Interruption)
    }
    const abort = (): void => {
      const reason: unknown = signal?.reason
      fail(reason)
      begun?.abort(reason instanceof Error ? reason : new Error('aborted', { cause: reason }))
    }
    if (signal?.aborted) return fail(signal.reason)
    signal?.addEventListener('abort', abort, { once: true })

    connections.dispatch(request, {
      onRequestStart(controller) {
        // It was given up while it waited for a connection; nothing has been written yet.
        if (signal?.aborted) return controller.abort(new Error('aborted'))
        begun = controller
      },
      onResponseStart(_controller, statusCode) {
        status = statusCode
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk)
      },
      onResponseEnd() {
        signal?.removeEventListener('abort', abort)
        resolve({ status, body: Buffer.concat(chunks).toString() })
      },
      onResponseError(_controller, error) {
        fail(error)
      },
    })
  })
}

function resultOf(method: string, { status, body }: Answer): unknown {
  const answer = answerSchema.safeParse(parseJson(body)).data
  // Something between us and Telegram has answered, such as a proxy or a gateway.
  if (answer === undefined) throw new CallError(method, { type: 'foreign', status })
  if (answer.ok) return answer.result
  const { error_code: code, description, parameters } = answer
  const wait = parameters?.retry_after
  throw new CallError(method, {
    type: 'refused',
    code,
    description,
    ...(wait === undefined ? {} : { retryAfterMs: wait * 1_000 }),
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A copy of an error that can be logged: the token is part of every URL, and an error may quote one. */
function withoutSecret(reason: unknown, token: string): Error {
  const { message, code }: NodeJS.ErrnoException = reason instanceof Error ? reason : new Error(String(reason))
  const copy = new Error(message.replaceAll(token, '<token>'))
  return Object.assign(copy, code === undefined ? {} : { code })
}
