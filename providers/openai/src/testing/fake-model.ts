/**
 * A model service for tests and benchmarks: a real HTTP server on loopback that speaks the Chat Completions protocol as
 * the real one does, streaming and not, says what a script tells it to, and keeps a ledger of what it was asked.
 *
 * ```ts
 * const model = await fakeModel({ reply: () => ({ text: 'Hello.' }) })
 * const provider = openai({ baseURL: model.url })
 * …
 * await model.close()
 * ```
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { complaintAbout } from './conversation.ts'
import type { LedgerEntry } from './ledger.ts'
import { play, refuse } from './play.ts'
import { type Answer, type ChatRequest, errorBody, type Refusal, type Reply, wordsOf } from './reply.ts'

export interface FakeModelOptions {
  /** What the model says. Default: `You said: <last user text>`. A throw is a 500 with its message. */
  reply?: (request: ChatRequest, entry: LedgerEntry) => Reply | Promise<Reply>
  /** Default 0: a free one. */
  port?: number
  /** The key callers must show; others get the service's 401. Default: none is asked for. */
  apiKey?: string
  /** What `GET /v1/models` lists. Default: `fake-model`. */
  models?: readonly string[]
  /** `count` keeps no entries, for benchmarks that send millions. Default `all`. */
  ledger?: 'all' | 'count'
}

export interface FakeModel {
  /** Base URL for a client: `http://127.0.0.1:<port>/v1`. */
  readonly url: string
  readonly port: number
  /** Every request for a completion, in the order of arrival. Entries change as their exchange goes on. */
  readonly requests: readonly LedgerEntry[]
  /** How many requests for a completion arrived. */
  readonly count: number
  /** Breaks what is open, frees the port. */
  close(): Promise<void>
}

export async function fakeModel(options: FakeModelOptions = {}): Promise<FakeModel> {
  const { reply = echo, port = 0, apiKey, models = ['fake-model'], ledger = 'all' } = options
  const requests: LedgerEntry[] = []
  let count = 0

  const server = createServer((request, response) => {
    const path = request.url ?? ''
    if (apiKey !== undefined && request.headers.authorization !== `Bearer ${apiKey}`) {
      return refuse(response, unauthorized)
    }
    if (request.method === 'POST' && path === '/v1/chat/completions') {
      return collect(request, (text) => {
        const body = parse(text)
        const entry = entryOf(++count, request, body)
        if (ledger === 'all') requests.push(entry)
        response.once('close', () => {
          entry.endedAt = Date.now()
          if (entry.outcome === 'open') entry.outcome = response.writableFinished ? 'completed' : 'cut'
        })
        answer(body, entry, response, reply)
      })
    }
    if (request.method === 'GET' && path === '/v1/models') {
      const data = models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'asyncv' }))
      return refuse(response, { status: 200, body: { object: 'list', data } })
    }
    refuse(response, {
      status: 404,
      body: errorBody(`Invalid URL (${request.method} ${path})`, 'invalid_request_error'),
    })
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  // A listening TCP server has an address and a port.
  const address = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    port: address.port,
    requests,
    get count() {
      return count
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function echo({ messages }: ChatRequest): Answer {
  const last = messages.findLast(({ role }) => role === 'user')
  return { text: `You said: ${last === undefined ? '' : wordsOf(last)}` }
}

/** As the service words it; the key itself comes back masked. */
const unauthorized: Refusal = {
  status: 401,
  body: errorBody('Incorrect API key provided: sk-***.', 'invalid_request_error', 'invalid_api_key'),
}

function collect(request: IncomingMessage, whole: (text: string) => void): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => whole(Buffer.concat(chunks).toString()))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function entryOf(n: number, request: IncomingMessage, body: unknown): LedgerEntry {
  return {
    n,
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    // What is not of this shape is answered with 400 and lies in the ledger as it came.
    body: body as ChatRequest,
    at: Date.now(),
    endedAt: null,
    outcome: 'open',
  }
}

function answer(
  body: unknown,
  entry: LedgerEntry,
  response: ServerResponse,
  reply: NonNullable<FakeModelOptions['reply']>,
): void {
  if (typeof body !== 'object' || body === null) {
    const message = 'We could not parse the JSON body of your request.'
    return refuse(response, { status: 400, body: errorBody(message, 'invalid_request_error') })
  }
  const request = body as ChatRequest
  const complaint = complaintAbout(request)
  if (complaint !== null) return refuse(response, { status: 400, body: errorBody(complaint, 'invalid_request_error') })
  let said: Reply | Promise<Reply>
  try {
    said = reply(request, entry)
  } catch (error) {
    return refuse(response, broken(error))
  }
  if (!(said instanceof Promise)) return play(said, request, entry, response)
  said.then(
    (reply) => play(reply, request, entry, response),
    (error) => refuse(response, broken(error)),
  )
}

function broken(error: unknown): Refusal {
  return { status: 500, body: errorBody(String(error), 'server_error') }
}
