import { queryOptions } from '@tanstack/react-query'
import { delivery, message, session, step, task, timeline } from 'asyncv/schemas'
import { z } from 'zod'
import { isMissing } from '../../../api/problem.ts'
import { isOnItsWay } from '../deliveries/course.ts'
import { ask, pageOf, pageSize } from '../runtime-api.ts'
import { isId, textOf } from '../place.ts'
import { taskMessageQuery } from '../tasks/queries.ts'
import type { Delivery, Message, Session, Step, TaskState, Timeline } from '../types.ts'

const deliveries = z.array(delivery)
const steps = z.array(step)

export interface Traced {
  timeline: Timeline
  message: Message
  steps: Step[]
  deliveries: Delivery[]
}

/** Everything about one message. */
export const traceQuery = (runtime: string, id: string) =>
  queryOptions({
    queryKey: ['watch', runtime, 'trace', id],
    async queryFn({ signal }): Promise<Traced> {
      const found = await ask(timeline, runtime, `/v1/messages/${encodeURIComponent(id)}/timeline`, { signal })
      return {
        timeline: found,
        message: message.parse(found.message),
        steps: steps.parse(found.steps),
        deliveries: deliveries.parse(found.deliveries),
      }
    },
    staleTime: 1_000,
  })

/** Whether something happens to it by itself yet. */
export function isUnderWay({ timeline, deliveries }: Pick<Traced, 'timeline' | 'deliveries'>): boolean {
  return timeline.tasks.at(-1)?.endedAt === null || deliveries.some(isOnItsWay)
}

export interface FoundMessage {
  message: Message
  session: Session | null
  state: TaskState | null
}

/** Whether `wanted`, in small letters, stands in what was written, in who wrote it or where. */
export function matches(
  { message: it, session: its }: Pick<FoundMessage, 'message' | 'session'>,
  wanted: string,
): boolean {
  const person = it.person?.['name']
  return [textOf(it.parts), it.id, it.task ?? '', its?.address ?? '', String(person ?? '')].some((text) =>
    text.toLowerCase().includes(wanted),
  )
}

/** Sessions that are looked through, and the newest messages of each. */
const bounds = { sessions: 20, messages: 50 }

/**
 * The newest messages of the sessions that were active last: there is no list of all messages, nor a search in their
 * texts. What is looked for is looked for here first, and in all sessions when somebody asks for that.
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
    enabled: isId(id),
  })

/** Null for what is not there. */
export async function orMissing<Answer>(asked: Promise<Answer>): Promise<Answer | null> {
  try {
    return await asked
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}
