import { queryOptions } from '@tanstack/react-query'
import { delivery, message, session, step, task, timeline } from 'asyncv/schemas'
import { z } from 'zod'
import { isMissing } from '../../../api/problem.ts'
import { ask, pageOf, pageSize } from '../runtime-api.ts'
import { taskMessageQuery } from '../tasks/queries.ts'
import type { Message, Session, TaskState } from '../types.ts'

const deliveries = z.array(delivery)
const steps = z.array(step)

/** Everything about one message. While it is under way it is asked for each second. */
export const traceQuery = (runtime: string, id: string) =>
  queryOptions({
    queryKey: ['watch', runtime, 'trace', id],
    async queryFn({ signal }) {
      const found = await ask(timeline, runtime, `/v1/messages/${encodeURIComponent(id)}/timeline`, { signal })
      return {
        timeline: found,
        message: message.parse(found.message),
        steps: steps.parse(found.steps),
        deliveries: deliveries.parse(found.deliveries),
      }
    },
    staleTime: 1_000,
    refetchInterval: ({ state: { data } }) => {
      const isOpen =
        data?.timeline.tasks.at(-1)?.endedAt === null ||
        data?.deliveries.some(({ settledAt, state }) => settledAt === null && state !== 'held' && state !== 'dead')
      return isOpen ? 1_000 : 15_000
    },
  })

export interface FoundMessage {
  message: Message
  session: Session | null
  state: TaskState | null
}

/** Sessions that are looked through, and the newest messages of each. */
const bounds = { sessions: 20, messages: 50 }

/**
 * The newest messages of the sessions that were active last: there is no list of all messages, nor a search in their
 * texts, so this is what text is searched in.
 */
export const recentMessagesQuery = (runtime: string) =>
  queryOptions({
    queryKey: ['watch', runtime, 'recent-messages'],
    async queryFn({ signal }) {
      const query = { limit: pageSize }
      const tasks = (await ask(pageOf(task), runtime, '/v1/tasks', { query, signal })).data
      const states = new Map(tasks.map((one) => [one.id, one.state]))
      const active = [...new Set(tasks.map((one) => one.session))].slice(0, bounds.sessions)
      const found = await Promise.all(active.map((id) => messagesOf(runtime, id, states, signal)))
      const messages = found.flat().sort((a, b) => b.message.receivedAt - a.message.receivedAt)
      return { messages, sessions: active.length }
    },
    staleTime: 5_000,
    refetchInterval: 10_000,
  })

async function messagesOf(
  runtime: string,
  id: string,
  states: ReadonlyMap<string, TaskState>,
  signal: AbortSignal,
): Promise<FoundMessage[]> {
  const path = `/v1/sessions/${encodeURIComponent(id)}`
  const query = { limit: bounds.messages, order: 'newest' }
  const [its, page] = await Promise.all([
    ask(session, runtime, path, { signal }),
    ask(pageOf(message), runtime, `${path}/messages`, { query, signal }),
  ])
  return page.data.map((one) => ({
    message: one,
    session: its,
    state: one.task === null ? null : (states.get(one.task) ?? null),
  }))
}

export const wholeId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** What an id names: a message, a task, or a session, whose newest messages it finds. */
export const byIdQuery = (runtime: string, id: string) =>
  queryOptions({
    queryKey: ['watch', runtime, 'by-id', id],
    async queryFn({ client, signal }): Promise<FoundMessage[]> {
      const path = encodeURIComponent(id)
      const [asMessage, asTask, asSession] = await Promise.all([
        orMissing(ask(timeline, runtime, `/v1/messages/${path}/timeline`, { signal })),
        orMissing(ask(task, runtime, `/v1/tasks/${path}`, { signal })),
        orMissing(messagesOf(runtime, id, new Map(), signal)),
      ])
      if (asSession) return asSession
      if (asMessage) {
        const state = asMessage.tasks.at(-1)?.state ?? null
        return [{ message: message.parse(asMessage.message), session: null, state }]
      }
      const its = asTask && (await client.ensureQueryData(taskMessageQuery(runtime, asTask)))
      return asTask && its ? [{ message: its, session: null, state: asTask.state }] : []
    },
    staleTime: 10_000,
    enabled: wholeId.test(id),
  })

async function orMissing<Answer>(asked: Promise<Answer>): Promise<Answer | null> {
  try {
    return await asked
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}
