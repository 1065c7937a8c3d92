import type { Asyncv } from '../api.ts'
import type { Runtime } from '../runtime.ts'
import type { Session } from '../session.ts'
import type { Task } from '../task.ts'
import { toTimeline } from '../timeline.ts'
import { known } from './known.ts'

type Reads = Pick<
  Asyncv,
  | 'task'
  | 'tasks'
  | 'steps'
  | 'session'
  | 'sessions'
  | 'messages'
  | 'history'
  | 'delivery'
  | 'deliveries'
  | 'timeline'
  | 'events'
  | 'stats'
>

/** What is in the database, as it is there now. Nothing here changes anything. */
export function reading(running: () => Runtime): Reads {
  const taskOf = async (id: string): Promise<Task> => known('task', id, running().storage.task(id))
  const sessionOf = async (id: string): Promise<Session> => known('session', id, running().storage.session(id))
  return {
    task: taskOf,
    tasks: async (filter = {}) => running().storage.tasks(filter),
    async steps(task) {
      await taskOf(task)
      return running().storage.steps(task)
    },
    session: sessionOf,
    sessions: async (page = {}) => running().storage.sessions(page),
    async messages(session, page = {}) {
      await sessionOf(session)
      return running().storage.messages(session, page)
    },
    async history(session) {
      await sessionOf(session)
      return running().storage.history(session, Number.MAX_SAFE_INTEGER)
    },
    delivery: async (id) => known('delivery', id, running().storage.delivery(id)),
    deliveries: async (filter = {}) => running().storage.deliveries(filter),
    timeline: async (message) => toTimeline(await known('message', message, running().storage.trace(message))),
    events: async (request = {}) => running().feed.follow(request),
    async stats() {
      const { storage, tally } = running()
      return {
        ...(await storage.counts()),
        accepted: tally.accepted,
        sent: tally.sent,
        ended: { ...tally.ended },
        commits: storage.commits(),
      }
    },
  }
}
