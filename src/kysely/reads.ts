import type { DeliveryState } from '../delivery.ts'
import type { MessageTrace, Page, PageRequest, Storage, StorageCounts } from '../storage.ts'
import type { Task, TaskState } from '../task.ts'
import { readPage, toPage } from './cursor.ts'
import { type Database, read } from './database.ts'
import { toDelivery, toMessage, toSession, toStep, toTask } from './nouns.ts'
import { prepared } from './prepared.ts'
import type { TaskRow } from './schema.ts'

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
  | 'trace'
  | 'messageOf'
  | 'connectorState'
  | 'counts'
>

/** What people and programs look at; newest first, messages oldest first. Sees what is committed. */
export function readQueries(db: Database): Reads {
  const findTask = prepared<{ id: string }, TaskRow & { messages: string | null }>((slot) =>
    db
      .selectFrom('task')
      .leftJoin('turn', 'turn.task_id', 'task.id')
      .selectAll('task')
      .select('turn.messages')
      .where('task.id', '=', slot('id')),
  )

  const task = (id: string): Promise<Task | null> =>
    read(async () => {
      const [row] = await findTask(db, { id })
      return row === undefined ? null : toTask(row, row.messages)
    })

  const steps: Storage['steps'] = (id) =>
    read(async () => {
      const rows = await db.selectFrom('step').selectAll().where('task_id', '=', id).orderBy('n').execute()
      return rows.map(toStep)
    })

  return {
    task,
    steps,

    tasks: (filter: { session?: string; state?: TaskState } & PageRequest): Promise<Page<Task>> =>
      read(async () => {
        const { limit, after } = readPage(filter)
        let query = db
          .selectFrom('task')
          .leftJoin('turn', 'turn.task_id', 'task.id')
          .selectAll('task')
          .select('turn.messages')
        if (filter.session !== undefined) query = query.where('task.session_id', '=', filter.session)
        if (filter.state !== undefined) query = query.where('task.state', '=', filter.state)
        if (after !== null) query = query.where('task.id', '<', after)
        const rows = await query
          .orderBy('task.id', 'desc')
          .limit(limit + 1)
          .execute()
        return toPage(
          rows,
          limit,
          ({ id }) => id,
          (row) => toTask(row, row.messages),
        )
      }),

    session: (id) =>
      read(async () => {
        const row = await db.selectFrom('session').selectAll().where('id', '=', id).executeTakeFirst()
        return row === undefined ? null : toSession(row)
      }),

    sessions: (page) =>
      read(async () => {
        const { limit, after } = readPage(page)
        let query = db.selectFrom('session').selectAll()
        if (after !== null) query = query.where('id', '<', after)
        const rows = await query
          .orderBy('id', 'desc')
          .limit(limit + 1)
          .execute()
        return toPage(rows, limit, ({ id }) => id, toSession)
      }),

    messages: (session, page) =>
      read(async () => {
        const { limit, after } = readPage(page)
        let query = db.selectFrom('message').selectAll().where('session_id', '=', session)
        if (after !== null) query = query.where('seq', '>', Number(after))
        const rows = await query
          .orderBy('seq')
          .limit(limit + 1)
          .execute()
        return toPage(rows, limit, ({ seq }) => seq, toMessage)
      }),

    delivery: (id) =>
      read(async () => {
        const row = await db.selectFrom('delivery').selectAll().where('id', '=', id).executeTakeFirst()
        return row === undefined ? null : toDelivery(row)
      }),

    deliveries: (filter) =>
      read(async () => {
        const { limit, after } = readPage(filter)
        let query = db.selectFrom('delivery').selectAll()
        if (filter.state !== undefined) query = query.where('state', '=', filter.state)
        if (filter.task !== undefined) query = query.where('task_id', '=', filter.task)
        if (filter.destination !== undefined) query = query.where('destination', '=', filter.destination)
        if (after !== null) query = query.where('id', '<', after)
        const rows = await query
          .orderBy('id', 'desc')
          .limit(limit + 1)
          .execute()
        return toPage(rows, limit, ({ id }) => id, toDelivery)
      }),

    trace: (message) =>
      read(async (): Promise<MessageTrace | null> => {
        const row = await db.selectFrom('message').selectAll().where('id', '=', message).executeTakeFirst()
        if (row === undefined) return null
        const dedupe = await db
          .selectFrom('dedupe')
          .select(['scope', 'key', 'at'])
          .where('message_id', '=', message)
          .executeTakeFirst()
        const tasks: Task[] = []
        for (let next = row.task_id; next !== null; next = tasks.at(-1)?.into ?? null) {
          const found = await task(next)
          if (found === null) break
          tasks.push(found)
        }
        const answering = tasks.at(-1)?.id
        const deliveries = await db
          .selectFrom('delivery')
          .selectAll()
          .where((e) => e.or([e('task_id', '=', answering ?? ''), e('message_id', '=', message)]))
          .orderBy('seq')
          .execute()
        return {
          message: toMessage(row),
          dedupe: dedupe ?? null,
          tasks,
          steps: answering === undefined ? [] : await steps(answering),
          deliveries: deliveries.map(toDelivery),
        }
      }),

    messageOf: (id) =>
      read(async () => {
        const row = await db.selectFrom('message').select('id').where('task_id', '=', id).executeTakeFirst()
        return row?.id ?? null
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

    counts: () => read(() => counts(db)),
  }
}

async function counts(db: Database): Promise<StorageCounts> {
  const tasks = await db
    .selectFrom('task')
    .select((e) => ['state', e.fn.countAll<number>().as('count')])
    .where('state', 'in', ['queued', 'running', 'waiting' as TaskState])
    .groupBy('state')
    .execute()
  const deliveries = await db
    .selectFrom('delivery')
    .select((e) => ['state', e.fn.countAll<number>().as('count'), e.fn.sum<number>('uncertain_count').as('uncertain')])
    .groupBy('state')
    .execute()
  const none: Record<DeliveryState, number> = {
    pending: 0,
    sending: 0,
    sent: 0,
    retrying: 0,
    uncertain: 0,
    held: 0,
    dead: 0,
    discarded: 0,
  }
  const ofState = (state: TaskState): number => Number(tasks.find((row) => row.state === state)?.count ?? 0)
  return {
    tasks: { queued: ofState('queued'), running: ofState('running') },
    deliveries: { ...none, ...Object.fromEntries(deliveries.map(({ state, count }) => [state, Number(count)])) },
    uncertainSends: deliveries.reduce((sum, { uncertain }) => sum + Number(uncertain ?? 0), 0),
  }
}
