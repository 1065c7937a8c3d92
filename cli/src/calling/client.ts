import { CommandError } from '../failure.ts'
import { CutAnswer, fetchHere, lookUpMs, request } from './request.ts'
import { type FoundService, findService, identifiedBy, noService } from './service.ts'
import { readEvents } from './sse.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** The REST routes of a running service, as commands use them. What it refuses is thrown as a `CommandError`. */
export interface Client {
  url: string
  get<Answer>(path: string, shape: Shape, query?: Query): Promise<Answer>
  post<Answer>(path: string, shape: Shape, body?: object, headers?: Record<string, string>): Promise<Posted<Answer>>
  /**
   * Sends a message and waits for its answer, as a stream: `fetch` gives a request up whose answer has not begun within five
   * minutes, and a stream begins at once. Without `reply` when the service itself waits no longer.
   */
  send(path: string, body: object, headers: Record<string, string>): Promise<Sent>
}

export interface Sent {
  task: string
  session: string
  message: string
  reply?: { text: string; parts: unknown[] }
  usage?: object
}

/** What tells an answer from one of another program: a list, or the field that it does not go without. */
export type Shape = 'data' | 'id' | 'usage' | 'message' | 'task'

export type Query = Readonly<Record<string, string | undefined>>

export interface Posted<Answer> {
  status: number
  answer: Answer
}

export interface PageOf<Item> {
  data: Item[]
  nextCursor: string | null
}

/** The service that was named, or that runs here. Throws when there is none, and says how to start one. */
export async function openClient(flags: Flags): Promise<Client> {
  const service = await findService(flags, process.env)
  if (service === null) throw noService(null)
  return clientOf(service)
}

function clientOf({ url, key }: FoundService): Client {
  async function ask<Answer>(path: string, shape: Shape, init: RequestInit, waitMs?: number): Promise<Posted<Answer>> {
    const headers = { ...identifiedBy(key), ...(init.headers as Record<string, string> | undefined) }
    const { response, text } = await request(url + path, { ...init, headers }, waitMs).catch((error: unknown) => {
      if (error instanceof CommandError) throw error
      if (error instanceof CutAnswer) throw stopped(url, words.service.isItRunning)
      throw noService(url)
    })
    const answer = parse(text)
    if (!response.ok) throw refusal(url, response.status, answer)
    if (answer === null || !has(answer, shape)) throw foreign(url, response.status)
    return { status: response.status, answer: answer as Answer }
  }
  return {
    url,
    async get<Answer>(path: string, shape: Shape, query: Query = {}) {
      const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined)
      const search = given.length === 0 ? '' : `?${new URLSearchParams(given)}`
      return (await ask<Answer>(path + search, shape, {}, lookUpMs)).answer
    },
    post: (path, shape, body = {}, headers = {}) => ask(path, shape, posting(body, headers)),
    async send(path, body, headers) {
      const init = posting(body, { ...identifiedBy(key), ...headers, Accept: 'text/event-stream' })
      const response = await fetchHere(url + path, init).catch((error: unknown) => {
        throw error instanceof CommandError ? error : noService(url)
      })
      if (!response.ok) throw refusal(url, response.status, parse(await response.text().catch(() => '')))
      return answerIn(response, url)
    },
  }
}

/** The last word of a message's events; a receipt alone where the service waits no longer. */
async function answerIn({ headers, body, status }: Response, url: string): Promise<Sent> {
  if (body === null || headers.get('content-type')?.startsWith('text/event-stream') !== true) {
    throw foreign(url, status)
  }
  let accepted: Sent | null = null
  try {
    for await (const { event, data } of readEvents(body)) {
      // Each field is looked at before it is believed.
      const told = parse(data) as Told | null
      if (event === 'error') {
        if (told?.code === 'reply_timeout' && accepted !== null) return accepted
        throw refusal(url, told?.status ?? status, told)
      }
      if (event !== 'task.accepted' && event !== 'task.finished') continue
      if (told === null || !has(told, 'task')) throw foreign(url, status)
      const { task, session, message, text, parts, usage } = told
      accepted = { task, session, message }
      if (event === 'task.accepted') continue
      if (typeof text !== 'string') throw foreign(url, status)
      return { ...accepted, reply: { text, parts }, usage }
    }
    if (accepted === null) throw foreign(url, status)
  } catch (error) {
    // What a stream that is cut throws helps nobody.
    if (error instanceof CommandError) throw error
  }
  throw stopped(url, accepted === null ? words.service.isItRunning : words.send.howToLook(accepted.task))
}

function stopped(url: string, hint: string): CommandError {
  return new CommandError(words.service.stopped(url), hint, 1)
}

/** Of the events of a message those that are looked at here. */
type Told = Required<Sent> & { text: string; parts: unknown[]; code?: string; status: number }

function posting(body: object, headers: Record<string, string>): RequestInit {
  return {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }
}

/** Null for what is no JSON object: no route of a service answers with that. */
function parse(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}

/** A list has objects in `data`, everything else a field that no answer goes without. */
function has(answer: object, shape: Shape): boolean {
  const value = (answer as Record<string, unknown>)[shape]
  if (shape !== 'data') return value !== undefined && value !== null
  return Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null)
}

function foreign(url: string, status: number): CommandError {
  return new CommandError(words.service.foreign(url, status), words.service.tryAgain, 1)
}

/** Of these it is the caller who has to change something. */
export const wrongInput = [400, 404, 413, 415, 422]

function refusal(url: string, status: number, answer: object | null): CommandError {
  const { code, detail, hint, errors } = (answer ?? {}) as Problem
  // Proxies and other programs have JSON of their own.
  if (typeof code !== 'string' || typeof detail !== 'string') return foreign(url, status)
  const places = (errors ?? []).map((error) => `${error.pointer}: ${error.detail}`)
  const more = [hint ?? words.service.whereToLook[code], ...places]
    .filter((line) => line !== undefined && line !== '')
    .join(' ')
  return new CommandError(words.service.problem(code, detail), more, wrongInput.includes(status) ? 2 : 1)
}

interface Problem {
  code?: unknown
  detail?: unknown
  hint?: string
  errors?: { pointer: string; detail: string }[]
}
