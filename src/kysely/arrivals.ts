import type { Arrival, DedupeKey } from '../storage.ts'
import type { Database, Trx } from './database.ts'
import { prepared, preparedWrite } from './prepared.ts'
import type { MessageRow, TaskRow } from './schema.ts'
import { isPendingTask, isTask } from './states.ts'

/** What a dedupe key points to. The key outlives the message; then only its id is left. */
export interface First {
  message_id: string
  body_hash: string
  task_id: string | null
  session_id: string | null
}

/** The session that a message goes into, and the number it gets there. */
export interface Entry {
  id: string
  seq: number
  /** It has tasks that wait or run. */
  busy: boolean
}

type NewTask = Pick<
  TaskRow,
  | 'id'
  | 'session_id'
  | 'message_id'
  | 'order_seq'
  | 'state'
  | 'attempt'
  | 'agent'
  | 'when_busy'
  | 'destination'
  | 'context'
> & { at: number; started_at: number | null }

/** The queries of coming in, compiled once for each storage. */
export function arrivalQueries(db: Database) {
  const insertDedupe = preparedWrite<DedupeKey & { message: string; at: number }>((slot) =>
    db
      .insertInto('dedupe')
      .values({
        scope: slot('scope'),
        key: slot('key'),
        message_id: slot('message'),
        body_hash: slot('bodyHash'),
        at: slot('at'),
      })
      .onConflict((conflict) => conflict.doNothing()),
  )
  const findFirst = prepared<Pick<DedupeKey, 'scope' | 'key'>, First>((slot) =>
    db
      .selectFrom('dedupe')
      .leftJoin('message', 'message.id', 'dedupe.message_id')
      .select(['dedupe.message_id', 'dedupe.body_hash', 'message.task_id', 'message.session_id'])
      .where('dedupe.scope', '=', slot('scope'))
      .where('dedupe.key', '=', slot('key')),
  )
  // Tells in passing whether the session is busy: a statement less for each message.
  const findOpen = prepared<{ address: string }, { id: string; seq: number; busy: boolean | number }>((slot) =>
    db
      .selectFrom('session')
      .select((e) => [
        'id',
        'next_seq as seq',
        e
          .or(
            [isTask('running'), isPendingTask()].map((isOpen) =>
              e.exists(
                e.selectFrom('task').select('task.id').whereRef('task.session_id', '=', 'session.id').where(isOpen),
              ),
            ),
          )
          .$castTo<boolean | number>()
          .as('busy'),
      ])
      .where('address', '=', slot('address'))
      .where('closed_at', 'is', null),
  )
  const takeNumber = preparedWrite<{ id: string; seq: number; next: number; at: number }>((slot) =>
    db
      .updateTable('session')
      .set({ next_seq: slot('next'), last_at: slot('at') })
      .where('id', '=', slot('id'))
      .where('next_seq', '=', slot('seq')),
  )
  const insertSession = preparedWrite<Arrival['session'] & { at: number }>((slot) =>
    db
      .insertInto('session')
      .values((e) => ({
        id: slot('id'),
        address: slot('address'),
        generation: e
          .selectFrom('session as earlier')
          .select((s) => s(s.fn.coalesce(s.fn.max('earlier.generation'), s.lit(0)), '+', 1).as('generation'))
          .where('earlier.address', '=', slot('address')),
        agent: slot('agent'),
        space: slot('space'),
        next_seq: 2,
        created_at: slot('at'),
        last_at: slot('at'),
        closed_at: null,
      }))
      .onConflict((conflict) => conflict.doNothing()),
  )
  const insertMessage = preparedWrite<MessageRow>((slot) =>
    db.insertInto('message').values({
      id: slot('id'),
      session_id: slot('session_id'),
      seq: slot('seq'),
      task_id: slot('task_id'),
      parts: slot('parts'),
      person: slot('person'),
      received_at: slot('received_at'),
    }),
  )
  const insertTask = preparedWrite<NewTask>((slot) =>
    db.insertInto('task').values({
      id: slot('id'),
      session_id: slot('session_id'),
      message_id: slot('message_id'),
      order_seq: slot('order_seq'),
      state: slot('state'),
      agent: slot('agent'),
      when_busy: slot('when_busy'),
      destination: slot('destination'),
      context: slot('context'),
      into_task: null,
      attempt: slot('attempt'),
      crashes: 0,
      alone: 0,
      cancel_requested_at: null,
      error: null,
      turn: null,
      turn_tokens: null,
      input_tokens: 0,
      output_tokens: 0,
      created_at: slot('at'),
      started_at: slot('started_at'),
      ended_at: null,
    }),
  )

  return { known, recognise, enterSession, insertMessage, insertTask }

  /** What took a dedupe key, if anything did. */
  async function known(trx: Trx, { scope, key }: DedupeKey): Promise<First | null> {
    const [first] = await findFirst(trx, { scope, key })
    return first ?? null
  }

  /** Takes a dedupe key; gives what took it before, if anything did. */
  async function recognise(trx: Trx, dedupe: DedupeKey, message: string, at: number): Promise<First | null> {
    const { scope, key, bodyHash } = dedupe
    if ((await insertDedupe(trx, { scope, key, bodyHash, message, at })) > 0) return null
    return known(trx, dedupe)
  }

  /** Goes into the address's open session, or begins its next generation. */
  async function enterSession(trx: Trx, session: Arrival['session'], at: number): Promise<Entry> {
    const { id, address, agent, space } = session
    const [open] = await findOpen(trx, { address })
    if (open === undefined) {
      if ((await insertSession(trx, { id, address, agent, space, at })) > 0) return { id, seq: 1, busy: false }
    } else {
      const { id, seq, busy } = open
      if ((await takeNumber(trx, { id, seq, next: seq + 1, at })) > 0) return { id, seq, busy: Boolean(busy) }
    }
    // Another transaction was quicker; what it left is there now.
    return enterSession(trx, session, at)
  }
}
