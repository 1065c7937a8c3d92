import type { Page, PageRequest, Within } from '../page.ts'
import type { Storage } from '../storage.ts'
import type { Task, TaskState } from '../task.ts'
import { readPage, toPage } from './cursor.ts'
import { type Database, read } from './database.ts'
import { toDelivery, toMessage, toSession, toStep, toTask } from './nouns.ts'
import { prepared } from './prepared.ts'
import type { SessionRow, TaskRow } from './schema.ts'
import { concerns } from './within.ts'

type Reads = Pick<
  Storage,
  | 'task'
  | 'tasks'
  | 'steps'
  | 'session'
  | 'sessions'
  | 'messages'
  | 'delivery'
  | 'deliveries'
  | 'messageOf'
  | 'connectorState'
>

/** What people and programs look at; newest first, messages oldest first. Sees what is committed. */
export function readQueries(db: Database): Reads {
  const findTask = prepared<{ id: string }, TaskRow & { space: string }>((slot) =>
    db
      .selectFrom('task')
      .innerJoin('session', 'session.id', 'task.session_id')
      .selectAll('task')
      .select('session.space')
      .where('task.id', '=', slot('id')),
  )

  // Whose a task is, which each request of a key asks.
  const findSession = prepared<{ id: string }, SessionRow>((slot) =>
    db.selectFrom('session').selectAll().where('id', '=', slot('id')),
  )

  const task = (id: string): Promise<Task | null> =>
    read(async () => {
      const [row] = await findTask(db, { id })
      return row === undefined ? null : toTask(row)
    })

  const steps: Storage['steps'] = (id) =>
    read(async () => {
      const rows = await db.selectFrom('step').selectAll().where('task_id', '=', id).orderBy('n').execute()
      return rows.map(toStep)
    })

  return {
    task,
    steps,

    tasks: (filter: { session?: string; state?: TaskState } & Within & PageRequest): Promise<Page<Task>> =>
      read(async () => {
        const place = readPage('tasks', filter)
        let query = db
          .selectFrom('task')
          .innerJoin('session', 'session.id', 'task.session_id')
          .selectAll('task')
          .select('session.space')
        // Every task has a message, and those are in order by session; ended tasks are in no such order.
        if (filter.session !== undefined) {
          query = query
            .innerJoin('message', 'message.task_id', 'task.id')
            .where('message.session_id', '=', filter.session)
        }
        const { state, space, agents } = filter
        if (state !== undefined) query = query.where('task.state', '=', state)
        if (space !== undefined) query = query.where('session.space', '=', space)
        if (agents !== undefined) query = query.where('task.agent', 'in', agents)
        if (place.after !== null) query = query.where('task.id', place.beyond, place.after)
        const rows = await query
          .orderBy('task.id', place.direction)
          .limit(place.limit + 1)
          .execute()
        return toPage(place, rows, ({ id }) => id, toTask)
      }),

    session: (id) =>
      read(async () => {
        const [row] = await findSession(db, { id })
        return row === undefined ? null : toSession(row)
      }),

    sessions: (filter) =>
      read(async () => {
        const place = readPage('sessions', filter)
        let query = db.selectFrom('session').selectAll()
        if (filter.space !== undefined) query = query.where('space', '=', filter.space)
        if (filter.agents !== undefined) query = query.where('agent', 'in', filter.agents)
        if (place.after !== null) query = query.where('id', place.beyond, place.after)
        const rows = await query
          .orderBy('id', place.direction)
          .limit(place.limit + 1)
          .execute()
        return toPage(place, rows, ({ id }) => id, toSession)
      }),

    messages: (session, page) =>
      read(async () => {
        const place = readPage('messages', page)
        let query = db.selectFrom('message').selectAll().where('session_id', '=', session)
        if (place.after !== null) query = query.where('seq', place.beyond, Number(place.after))
        const rows = await query
          .orderBy('seq', place.direction)
          .limit(place.limit + 1)
          .execute()
        return toPage(place, rows, ({ seq }) => seq, toMessage)
      }),

    delivery: (id) =>
      read(async () => {
        const row = await db.selectFrom('delivery').selectAll().where('id', '=', id).executeTakeFirst()
        return row === undefined ? null : toDelivery(row)
      }),

    deliveries: (filter) =>
      read(async () => {
        const place = readPage('deliveries', filter)
        let query = db.selectFrom('delivery').selectAll()
        if (filter.space !== undefined || filter.agents !== undefined) query = query.where(concerns(filter))
        if (filter.state !== undefined) query = query.where('state', '=', filter.state)
        if (filter.task !== undefined) query = query.where('task_id', '=', filter.task)
        if (filter.destination !== undefined) query = query.where('destination', '=', filter.destination)
        if (place.after !== null) query = query.where('id', place.beyond, place.after)
        const rows = await query
          .orderBy('id', place.direction)
          .limit(place.limit + 1)
          .execute()
        return toPage(place, rows, ({ id }) => id, toDelivery)
      }),

    messageOf: (id) =>
      read(async () => {
        const row = await db.selectFrom('task').select('message_id').where('id', '=', id).executeTakeFirst()
        return row?.message_id ?? null
      }),

    connectorState: (account, key) =>
      read(async () => {
        const row = await db
          .selectFrom('connector_state')
          .select('value')
          .where('account', '=', account)
          .where('key', '=', key)
          .executeTakeFirst()
        return row?.value ?? null
      }),
  }
}
