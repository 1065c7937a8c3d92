import type { McpCaller, ProblemDocument } from '@asyncv/server'
import { AsyncvError, type AsyncvErrorOptions, type PageRequest, type StreamEvent } from 'asyncv'
import { type FoundService, identifiedBy } from './service.ts'
import { readEvents } from './sse.ts'

/** What a service refused, in its own words. */
export class RefusedByService extends Error {
  override readonly name = 'RefusedByService'
  constructor(readonly problem: ProblemDocument) {
    super(problem.detail)
  }
}

/** A running service as an MCP host's requests see it: each becomes one of its REST routes. */
export async function remoteCaller({ url, key }: FoundService): Promise<McpCaller> {
  async function fetched(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { 'Content-Type': 'application/json', ...identifiedBy(key), ...(init.headers as object) }
    const response = await fetch(url + path, { ...init, headers, redirect: 'manual' }).catch((cause: unknown) => {
      if (init.signal?.aborted) throw cause
      throw notRunning(`No asyncv service answers at ${url}.`, { cause })
    })
    if (response.ok) return response
    const problem = await json(response, init)
    // Proxies have JSON of their own.
    throw isProblem(problem) ? new RefusedByService(problem) : foreign(response)
  }
  async function read<Result>(path: string, init: RequestInit = {}): Promise<Result> {
    return (await json(await fetched(path, init), init)) as Result
  }
  async function json(response: Response, { signal }: RequestInit): Promise<unknown> {
    const text = await response.text().catch((cause: unknown) => {
      throw signal?.aborted ? cause : stopped({ cause })
    })
    try {
      return JSON.parse(text)
    } catch {
      throw foreign(response)
    }
  }
  const foreign = ({ status }: Response): AsyncvError =>
    notRunning(`${url} answered ${status} with something that is no answer of an asyncv service.`)
  const stopped = (more: AsyncvErrorOptions): AsyncvError =>
    notRunning(`The asyncv service at ${url} stopped answering.`, more)

  return {
    agents: (await read<{ data: McpCaller['agents'] }>('/v1/agents')).data,
    async *stream({ agent, idempotencyKey, ...message }, { signal, cancelOnAbort } = {}) {
      const onDisconnect = cancelOnAbort ? 'cancel' : 'continue'
      const { body } = await fetched(messagesOf(agent), {
        ...post({ ...message, onDisconnect }),
        ...(signal === undefined ? {} : { signal }),
        headers: { ...keyed(idempotencyKey), Accept: 'text/event-stream' },
      })
      if (body === null) throw stopped({})
      // Once it is known, whoever hears that the service is gone can ask for the answer when it runs again.
      let accepted: { task?: string } = {}
      try {
        for await (const { event, data } of readEvents(body)) {
          if (event === 'error') throw new RefusedByService(JSON.parse(data) as ProblemDocument)
          const told = JSON.parse(data) as StreamEvent
          if (told.type === 'task.accepted') accepted = { task: told.task }
          yield told
          if (told.type === 'task.finished') return
        }
      } catch (cause) {
        if (signal?.aborted || cause instanceof RefusedByService) throw cause
        throw stopped({ ...accepted, cause })
      }
      // A proxy that ends for a service that died ends in good order.
      if (!signal?.aborted) throw stopped(accepted)
    },
    accept: ({ agent, idempotencyKey, ...message }) =>
      read(messagesOf(agent), {
        ...post(message),
        headers: { ...keyed(idempotencyKey), Prefer: 'respond-async' },
      }),
    task: (id) => read(taskOf(id)),
    ended: (id, { waitMs, signal }) =>
      read(taskOf(id), {
        headers: { Prefer: `wait=${Math.ceil(waitMs / 1000)}` },
        ...(signal === undefined ? {} : { signal }),
      }),
    cancel: (id) => read(`${taskOf(id)}/cancel`, post({})),
    session: (id) => read(`/v1/sessions/${encodeURIComponent(id)}`),
    sessions: (page = {}) => read(`/v1/sessions${queryOf(page)}`),
    messages: (session, page = {}) => read(`/v1/sessions/${encodeURIComponent(session)}/messages${queryOf(page)}`),
  }
}

function notRunning(message: string, more: AsyncvErrorOptions = {}): AsyncvError {
  return new AsyncvError('not_running', message, { hint: 'Is it running? Start it with "asyncv start".', ...more })
}

function isProblem(value: unknown): value is ProblemDocument {
  const { code, detail } = Object(value) as Partial<Record<string, unknown>>
  return typeof code === 'string' && typeof detail === 'string'
}

function messagesOf(agent: string): string {
  return `/v1/agents/${encodeURIComponent(agent)}/messages`
}

function taskOf(id: string): string {
  return `/v1/tasks/${encodeURIComponent(id)}`
}

function post(body: object): RequestInit {
  return { method: 'POST', body: JSON.stringify(body) }
}

function keyed(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { 'Idempotency-Key': key }
}

function queryOf({ limit, cursor, order }: PageRequest): string {
  const query = new URLSearchParams()
  if (limit !== undefined) query.set('limit', String(limit))
  if (cursor !== undefined) query.set('cursor', cursor)
  if (order !== undefined) query.set('order', order)
  return `?${query}`
}
