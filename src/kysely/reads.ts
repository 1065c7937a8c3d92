import type { Page, PageRequest, Within } from '../page.ts'
import type { Storage } from '../storage.ts'
import type { Task, TaskState } from '../task.ts'
import { type Place, readPage, toPage } from './cursor.ts'
import { type Database, read } from './database.ts'
import { taskColumns, type TaskOfSpace, toDelivery, toMessage, toSession, toStep, toTask } from './nouns.ts'
import { inPieces, type Piece, type Turn } from './pieces.ts'
import { prepared } from './prepared.ts'
import type { SessionRow } from './schema.ts'
import { isFewDeliveries, isFewTasks } from './states.ts'
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
export function readQueries(db: Database, turn: Turn): Reads {
  const findTask = prepared<{ id: string }, TaskOfSpace>((slot) =>
    db
      .selectFrom('task')
      .innerJoin('session', 'session.id', 'task.session_id')
      .select(taskColumns)
      .where('task.id', '=', slot('id')),
  )

  // Whose a task is, which each request of a key asks.
  const findSession = prepared<{ id: string }, SessionRow>((slot) =>
    db.selectFrom('session').selectAll().where('id', '=', slot('id')),
  )

  const task = (id: string): Promise<Task | null> =>
    read(async () => {
      const [row] = await findTask(db.committed, { id })
      return row === undefined ? null : toTask(row)
    })

  const steps: Storage['steps'] = (id) =>
    read(async () => {
      const rows = await db.selectFrom('step').selectAll().where('task_id', '=', id).orderBy('n').execute()
      return rows.map(toStep)
    })

  /** The rows of a page, in pieces when they are sought among others. */
  function rowsOf<Row>(
    table: 'task' | 'session' | 'delivery',
    place: Place,
    find: (piece: Piece) => Promise<Row[]>,
    sought: boolean,
  ): Promise<Row[]> {
    if (!sought) return find({ after: place.after, upTo: null, limit: place.limit + 1 })
    const skip = async (after: string | null, rows: number): Promise<string | null> => {
      let ids = db.selectFrom(table).select('id')
      if (after !== null) ids = ids.where('id', place.beyond, after)
      const last = await ids
        .orderBy('id', place.direction)
        .limit(1)
        .offset(rows - 1)
        .executeTakeFirst()
      return last?.id ?? null
    }
    return inPieces(place, skip, find, turn)
  }

  return {
    task,
    steps,

    tasks: (filter: { session?: string; state?: TaskState } & Within & PageRequest): Promise<Page<Task>> =>
      read(async () => {
        const place = readPage('tasks', filter)
        const { session, state, space, agents } = filter
        // A session's tasks are found through its messages, whatever their state.
        const few = state === undefined || session !== undefined ? null : isFewTasks(state)
        const find = (piece: Piece) => {
          let query = db.selectFrom('task').innerJoin('session', 'session.id', 'task.session_id').select(taskColumns)
          // Every task has a message, and those are in order by session; ended tasks are in no such order.
          if (session !== undefined) {
            query = query.innerJoin('message', 'message.task_id', 'task.id').where('message.session_id', '=', session)
          }
          if (few !== null) query = query.where(few)
          else if (state !== undefined) query = query.where('task.state', '=', state)
          if (space !== undefined) query = query.where('session.space', '=', space)
          if (agents !== undefined) query = query.where('task.agent', 'in', agents)
          if (piece.after !== null) query = query.where('task.id', place.beyond, piece.after)
          if (piece.upTo !== null) query = query.where('task.id', place.within, piece.upTo)
          return query.orderBy('task.id', place.direction).limit(piece.limit).execute()
        }
        const sought = session === undefined && few === null && isAny(state, space, agents)
        return toPage(place, await rowsOf('task', place, find, sought), ({ id }) => id, toTask)
      }),

    session: (id) =>
      read(async () => {
        const [row] = await findSession(db.committed, { id })
        return row === undefined ? null : toSession(row)
      }),

    sessions: (filter) =>
      read(async () => {
        const place = readPage('sessions', filter)
        const { space, agents } = filter
        const find = (piece: Piece) => {
          let query = db.selectFrom('session').selectAll()
          if (space !== undefined) query = query.where('space', '=', space)
          if (agents !== undefined) query = query.where('agent', 'in', agents)
          if (piece.after !== null) query = query.where('id', place.beyond, piece.after)
          if (piece.upTo !== null) query = query.where('id', place.within, piece.upTo)
          return query.orderBy('id', place.direction).limit(piece.limit).execute()
        }
        const rows = await rowsOf('session', place, find, isAny(space, agents))
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
        const { state, task: of, destination, space, agents } = filter
        // A task's deliveries are found by its id, whatever their state.
        const few = state === undefined || of !== undefined ? null : isFewDeliveries(state)
        const find = (piece: Piece) => {
          let query = db.selectFrom('delivery').selectAll()
          if (isAny(space, agents)) query = query.where(concerns(filter))
          if (few !== null) query = query.where(few)
          else if (state !== undefined) query = query.where('state', '=', state)
          if (of !== undefined) query = query.where('task_id', '=', of)
          if (destination !== undefined) query = query.where('destination', '=', destination)
          if (piece.after !== null) query = query.where('id', place.beyond, piece.after)
          if (piece.upTo !== null) query = query.where('id', place.within, piece.upTo)
          return query.orderBy('id', place.direction).limit(piece.limit).execute()
        }
        const sought = of === undefined && few === null && isAny(state, destination, space, agents)
        return toPage(place, await rowsOf('delivery', place, find, sought), ({ id }) => id, toDelivery)
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

function isAny(...filters: unknown[]): boolean {
  return filters.some((filter) => filter !== undefined)
}
