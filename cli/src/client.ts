import { CommandError } from './failure.ts'
import { type FoundService, findService, identifiedBy, noService } from './service.ts'
import type { Flags } from './tree.ts'
import { words } from './words/spoken.ts'

/** The REST routes of a running service, as commands use them. What it refuses is thrown as a `CommandError`. */
export interface Client {
  url: string
  get<Answer>(path: string, query?: Query): Promise<Answer>
  post<Answer>(path: string, body?: object, headers?: Record<string, string>): Promise<Posted<Answer>>
}

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
  async function ask<Answer>(path: string, init: RequestInit): Promise<Posted<Answer>> {
    const headers = { ...identifiedBy(key), ...(init.headers as Record<string, string> | undefined) }
    const response = await fetch(url + path, { ...init, headers }).catch(() => {
      throw noService(url)
    })
    const text = await response.text().catch(() => {
      throw new CommandError(words.service.stopped(url), words.service.isItRunning, 1)
    })
    const answer = parse(text)
    if (response.ok && answer !== null) return { status: response.status, answer: answer as Answer }
    throw refusal(url, response.status, answer)
  }
  return {
    url,
    async get<Answer>(path: string, query: Query = {}) {
      const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined)
      const search = given.length === 0 ? '' : `?${new URLSearchParams(given)}`
      return (await ask<Answer>(path + search, {})).answer
    },
    post: (path, body = {}, headers = {}) =>
      ask(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
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

/** Of these it is the caller who has to change something. */
const wrongInput = [400, 404, 413, 415, 422]

function refusal(url: string, status: number, answer: object | null): CommandError {
  const { code, detail, hint, errors } = (answer ?? {}) as Problem
  // Proxies and other programs have JSON of their own.
  if (typeof code !== 'string' || typeof detail !== 'string') {
    return new CommandError(words.service.foreign(url, status), words.service.tryAgain, 1)
  }
  const places = (errors ?? []).map((error) => `${error.pointer}: ${error.detail}`)
  const more = [hint, ...places].filter((line) => line !== undefined && line !== '').join(' ')
  return new CommandError(words.service.problem(code, detail), more, wrongInput.includes(status) ? 2 : 1)
}

interface Problem {
  code?: unknown
  detail?: unknown
  hint?: string
  errors?: { pointer: string; detail: string }[]
}
