import type { AcceptOutcome, Arrival } from '../storage.ts'
import type { arrivalQueries } from './arrivals.ts'
import { keepState } from './connector-state.ts'
import { type Database, decide } from './database.ts'

/** The commit that takes a message in: its key, its place in its session, and its task. */
export function acceptQueries(db: Database, arrivals: ReturnType<typeof arrivalQueries>) {
  const writeState = keepState(db)

  return { accept }

  function accept(arrival: Arrival): Promise<AcceptOutcome> {
    const { dedupe, message, task, at } = arrival
    return decide(db, async (trx): Promise<AcceptOutcome> => {
      if (arrival.full) {
        const first = dedupe === null ? null : await arrivals.known(trx, dedupe)
        if (first === null) return { type: 'full' }
      }
      if (arrival.state !== null) await writeState(trx, arrival.state, at)
      const first = dedupe === null ? null : await arrivals.recognise(trx, dedupe, message.id, at)
      if (first !== null) {
        const { message_id, task_id, session_id, body_hash } = first
        const sameBody = body_hash === dedupe?.bodyHash
        return { type: 'duplicate', message: message_id, task: task_id, session: session_id ?? '', sameBody }
      }
      const { id: session, seq, busy } = await arrivals.enterSession(trx, arrival.session, at)
      const running = arrival.claim && !busy
      await arrivals.insertMessage(trx, {
        id: message.id,
        session_id: session,
        seq,
        task_id: task.id,
        parts: JSON.stringify(message.parts),
        person: task.context.person === null ? null : JSON.stringify(task.context.person),
        received_at: at,
      })
      await arrivals.insertTask(trx, {
        id: task.id,
        session_id: session,
        message_id: message.id,
        order_seq: seq,
        state: running ? 'running' : 'queued',
        attempt: running ? 1 : 0,
        agent: task.agent,
        when_busy: task.whenBusy,
        destination: task.destination === null ? null : JSON.stringify(task.destination),
        context: JSON.stringify(task.context),
        at,
        started_at: running ? at : null,
      })
      return { type: 'accepted', session, seq, running }
    })
  }
}
