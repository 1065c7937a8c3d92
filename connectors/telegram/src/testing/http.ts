/** The Bot API over HTTP (core.telegram.org/bots/api#making-requests). */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Fault, Faults } from './faults.ts'
import { type Account, methods, type Outcome, type Parameters } from './methods.ts'
import { badRequest, Refusal } from './refusal.ts'

export interface ServedBot {
  /** `null` once it was revoked. */
  token: string | null
  account: Account
  faults: Faults
  /** How often each method was called, by lower-case name. */
  calls: Map<string, number>
}

export function serveBotApi(bot: ServedBot): Server {
  const server = createServer((request, response) => {
    answer(bot, request, response).catch((error: unknown) => {
      // Who asked has gone away in the middle.
      if (!response.destroyed) reply(response, 500, { ok: false, error_code: 500, description: String(error) })
    })
  })
  // A kept connection that we close while a bot writes on it would look like a cut.
  server.keepAliveTimeout = 60_000
  return server
}

async function answer(bot: ServedBot, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2)
  const [, token, name = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(path) ?? []
  const body = await textOf(request)
  if (token === undefined || !/^\d+:/.test(token)) return refuse(response, new Refusal(404, 'Not Found'))
  if (token !== bot.token) return refuse(response, new Refusal(401, 'Unauthorized'))
  const method = methods[name.toLowerCase()]
  if (method === undefined) return refuse(response, new Refusal(404, 'Not Found: method not found'))
  bot.calls.set(name.toLowerCase(), (bot.calls.get(name.toLowerCase()) ?? 0) + 1)
  try {
    const parameters = { ...formOf(query), ...bodyOf(request, body) }
    const fault = bot.faults.strike(name, parameters['chat_id'])
    if (fault !== null && fault.type !== 'cut-after') {
      const over = await befall(fault, response)
      if (over) return
    }
    const outcome = await method(bot.account, parameters, () => goneSignal(request, response))
    if (fault?.type === 'cut-after') return void request.socket.destroy()
    tell(response, outcome)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    refuse(response, error)
  }
}

/** Carries out what goes wrong before the method; true when that was all. */
async function befall(fault: Exclude<Fault, { type: 'cut-after' }>, response: ServerResponse): Promise<boolean> {
  switch (fault.type) {
    case 'cut-before':
      response.socket?.destroy()
      return true
    case 'gateway':
      response.writeHead(fault.status, { 'content-type': 'text/html' }).end(`<h1>${fault.status}</h1>`)
      return true
    case 'refuse':
      throw new Refusal(fault.code, fault.description, fault.retryAfter)
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, fault.ms))
      return false
  }
}

function tell(response: ServerResponse, { result, sent }: Outcome): void {
  if (response.destroyed) return
  if (sent !== undefined) sent.told = true
  reply(response, 200, { ok: true, result })
}

function refuse(response: ServerResponse, { code, description, retryAfter }: Refusal): void {
  const parameters = retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } }
  reply(response, code, { ok: false, error_code: code, description, ...parameters })
}

function reply(response: ServerResponse, status: number, answered: object): void {
  const body = JSON.stringify(answered)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

/** Aborted when the connection closes before there is an answer. */
function goneSignal(request: IncomingMessage, response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  if (request.socket.destroyed) gone.abort()
  return gone.signal
}

function textOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => resolve(Buffer.concat(chunks).toString()))
    request.on('error', reject)
  })
}

function bodyOf(request: IncomingMessage, body: string): Parameters {
  if (body === '') return {}
  const type = request.headers['content-type'] ?? ''
  if (type.startsWith('application/x-www-form-urlencoded')) return formOf(body)
  try {
    return JSON.parse(body)
  } catch {
    throw badRequest("can't parse the body as JSON")
  }
}

function formOf(query: string): Parameters {
  return query === '' ? {} : Object.fromEntries(new URLSearchParams(query))
}
