import type { McpCaller, ProblemDocument } from '@asyncv/server'
import { AsyncvError, type PageRequest, type StreamEvent } from 'asyncv'
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
    const response = await fetch(url + path, { ...init, headers }).catch((error: unknown) => {
      if (init.signal?.aborted) throw error
      const hint = 'Is it running? Start it with "asyncv start".'
      throw new AsyncvError('not_running', `No asyncv service answers at ${url}.`, { hint, cause: error })
    })
    if (response.ok) return response
    throw new RefusedByService((await response.json()) as ProblemDocument)
  }
  async function read<Result>(path: string, init?: RequestInit): Promise<Result> {
    return (await (await fetched(path, init)).json()) as Result
  }

  return {
    agents: (await read<{ data: McpCaller['agents'] }>('/v1/agents')).data,
    async *stream({ agent, idempotencyKey, ...message }, { signal, cancelOnAbort } = {}) {
      const onDisconnect = cancelOnAbort ? 'cancel' : 'continue'
      const { body } = await fetched(messagesOf(agent), {
        ...post({ ...message, onDisconnect }),
        ...(signal === undefined ? {} : { signal }),
        headers: { ...keyed(idempotencyKey), Accept: 'text/event-stream' },
      })
      if (body === null) return
      for await (const { event, data } of readEvents(body)) {
        if (event === 'error') throw new RefusedByService(JSON.parse(data) as ProblemDocument)
        yield JSON.parse(data) as StreamEvent
      }
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
