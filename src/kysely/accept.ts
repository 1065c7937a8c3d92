import type { AcceptOutcome, Arrival, CommandArrival, CommandOutcome } from '../storage.ts'
import { type Database, decide, type Trx } from './database.ts'
import { keepState } from './connector-state.ts'
import { insertDelivery } from './deliveries.ts'
import { prepared } from './prepared.ts'

/** The queries of coming in, compiled once for each storage. */
export function acceptQueries(db: Database) {
  const insertDedupe = prepared<
    { scope: string; key: string; message: string; bodyHash: string; at: number },
    { at: number }
  >((slot) =>
    db
      .insertInto('dedupe')
      .values({
        scope: slot('scope'),
        key: slot('key'),
        message_id: slot('message'),
        body_hash: slot('bodyHash'),
        at: slot('at'),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('at'),
  )
  const findFirst = prepared<
    { scope: string; key: string },
    { message_id: string; body_hash: string; task_id: string | null; session_id: string }
  >((slot) =>
    db
      .selectFrom('dedupe')
      .innerJoin('message', 'message.id', 'dedupe.message_id')
      .select(['dedupe.message_id', 'dedupe.body_hash', 'message.task_id', 'message.session_id'])
      .where('dedupe.scope', '=', slot('scope'))
      .where('dedupe.key', '=', slot('key')),
  )
  const nextInSession = prepared<{ address: string; at: number }, { id: string; seq: number }>((slot) =>
    db
      .updateTable('session')
      .set((e) => ({ next_seq: e('next_seq', '+', 1), last_at: slot('at') }))
      .where('address', '=', slot('address'))
      .where('closed_at', 'is', null)
      .returning((e) => ['id', e('next_seq', '-', 1).as('seq')]),
  )
  const insertSession = prepared<{ id: string; address: string; agent: string; at: number }>((slot) =>
    db.insertInto('session').values((e) => ({
      id: slot('id'),
      address: slot('address'),
      generation: e
        .selectFrom('session as earlier')
        .select((s) => s(s.fn.coalesce(s.fn.max('earlier.generation'), s.lit(0)), '+', 1).as('generation'))
        .where('earlier.address', '=', slot('address')),
      agent: slot('agent'),
      next_seq: 2,
      created_at: slot('at'),
      last_at: slot('at'),
      closed_at: null,
    })),
  )
  const insertMessage = prepared<{
    id: string
    session: string
    seq: number
    task: string | null
    parts: string
    person: string | null
    at: number
  }>((slot) =>
    db.insertInto('message').values({
      id: slot('id'),
      session_id: slot('session'),
      seq: slot('seq'),
      task_id: slot('task'),
      parts: slot('parts'),
      person: slot('person'),
      received_at: slot('at'),
    }),
  )
  const insertTask = prepared<{
    id: string
    session: string
    seq: number
    state: 'queued' | 'running'
    attempt: number
    agent: string
    whenBusy: 'steer' | 'queue'
    destination: string | null
    context: string
    at: number
    startedAt: number | null
  }>((slot) =>
    db.insertInto('task').values({
      id: slot('id'),
      session_id: slot('session'),
      order_seq: slot('seq'),
      state: slot('state'),
      agent: slot('agent'),
      when_busy: slot('whenBusy'),
      destination: slot('destination'),
      context: slot('context'),
      into_task: null,
      attempt: slot('attempt'),
      crashes: 0,
      alone: 0,
      cancel_requested_at: null,
      error: null,
      input_tokens: 0,
      output_tokens: 0,
      created_at: slot('at'),
      started_at: slot('startedAt'),
      ended_at: null,
    }),
  )
  const findOpenTask = prepared<{ session: string }, { id: string }>((slot) =>
    db
      .selectFrom('task')
      .select('id')
      .where('session_id', '=', slot('session'))
      .where('state', 'in', ['queued', 'running'])
      .limit(1),
  )
  const writeState = keepState(db)
  const writeDelivery = insertDelivery(db)

  return { accept, carryOut, insertMessage, insertTask, nextInSession }

  /** Finds the address's open session, or begins one; `fresh` when it has no tasks yet. */
  async function enterSession(
    trx: Trx,
    { id, address, agent }: Arrival['session'],
    at: number,
  ): Promise<{ id: string; seq: number; fresh: boolean }> {
    const [open] = await nextInSession(trx, { address, at })
    if (open !== undefined) return { ...open, fresh: false }
    await insertSession(trx, { id, address, agent, at })
    return { id, seq: 1, fresh: true }
  }

  function accept(arrival: Arrival): Promise<AcceptOutcome> {
    const { dedupe, message, task, at } = arrival
    return decide(db, async (trx) => {
      if (arrival.state !== null) await writeState(trx, { ...arrival.state, at })
      if (dedupe !== null && (await insertDedupe(trx, { ...dedupe, message: message.id, at })).length === 0) {
        const [first] = await findFirst(trx, { scope: dedupe.scope, key: dedupe.key })
        // The dedupe row outlives what it points to.
        if (first === undefined) return { type: 'duplicate', message: '', task: null, session: '', sameBody: true }
        const sameBody = first.body_hash === dedupe.bodyHash
        return {
          type: 'duplicate',
          message: first.message_id,
          task: first.task_id,
          session: first.session_id,
          sameBody,
        }
      }
      const session = await enterSession(trx, arrival.session, at)
      const { seq } = session
      const running =
        arrival.claim && (session.fresh || (await findOpenTask(trx, { session: session.id })).length === 0)
      await insertMessage(trx, {
        id: message.id,
        session: session.id,
        seq,
        task: task.id,
        parts: JSON.stringify(message.parts),
        person: task.context.person === null ? null : JSON.stringify(task.context.person),
        at,
      })
      await insertTask(trx, {
        id: task.id,
        session: session.id,
        seq,
        state: running ? 'running' : 'queued',
        attempt: running ? 1 : 0,
        agent: task.agent,
        whenBusy: task.whenBusy,
        destination: task.destination === null ? null : JSON.stringify(task.destination),
        context: JSON.stringify(task.context),
        at,
        startedAt: running ? at : null,
      })
      return { type: 'accepted', session: session.id, seq, running }
    })
  }

  function carryOut(command: CommandArrival): Promise<CommandOutcome> {
    const { dedupe, message, at } = command
    return decide(db, async (trx) => {
      if (command.state !== null) await writeState(trx, { ...command.state, at })
      if ((await insertDedupe(trx, { ...dedupe, message: message.id, at })).length === 0) {
        const [first] = await findFirst(trx, { scope: dedupe.scope, key: dedupe.key })
        return { type: 'duplicate', message: first?.message_id ?? '' }
      }
      const session = await enterSession(trx, command.session, at)
      await insertMessage(trx, {
        id: message.id,
        session: session.id,
        seq: session.seq,
        task: null,
        parts: JSON.stringify(message.parts),
        person: command.person === null ? null : JSON.stringify(command.person),
        at,
      })
      const ended = command.action === 'none' ? { cancelled: [], running: [] } : await cancelOpen(trx, session.id, at)
      if (command.action === 'new-session') {
        await trx.updateTable('session').set({ closed_at: at }).where('id', '=', session.id).execute()
      }
      if (command.notice !== null) await writeDelivery(trx, command.notice, at)
      return { type: 'carried-out', session: session.id, ...ended }
    })
  }
}

/**
 * Cancels what waits in a session and marks what runs. What never ran leaves no turn: nothing was answered, and nothing
 * has to be remembered.
 */
async function cancelOpen(trx: Trx, session: string, at: number): Promise<{ cancelled: string[]; running: string[] }> {
  const cancelled = await trx
    .updateTable('task')
    .set({ state: 'cancelled', ended_at: at })
    .where('session_id', '=', session)
    .where('state', '=', 'queued')
    .returning('id')
    .execute()
  const running = await trx
    .updateTable('task')
    .set({ cancel_requested_at: at })
    .where('session_id', '=', session)
    .where('state', '=', 'running')
    .returning('id')
    .execute()
  return { cancelled: cancelled.map(({ id }) => id), running: running.map(({ id }) => id) }
}
