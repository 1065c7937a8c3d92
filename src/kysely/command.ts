import type { CommandArrival, CommandOutcome } from '../storage.ts'
import type { arrivalQueries } from './arrivals.ts'
import { keepState } from './connector-state.ts'
import { type Database, decide, type Trx } from './database.ts'
import { insertDelivery } from './deliveries.ts'
import { isOpenTask, isTask } from './states.ts'

/** The commit that carries a command out, with its message and its answer. */
export function commandQueries(db: Database, arrivals: ReturnType<typeof arrivalQueries>) {
  const writeState = keepState(db)
  const writeDelivery = insertDelivery(db)

  return { carryOut }

  function carryOut(command: CommandArrival): Promise<CommandOutcome> {
    const { dedupe, message, at } = command
    return decide(db, async (trx): Promise<CommandOutcome> => {
      if (command.state !== null) await writeState(trx, command.state, at)
      const first = await arrivals.recognise(trx, dedupe, message.id, at)
      if (first !== null) return { type: 'duplicate', message: first.message_id }
      const session = await arrivals.enterSession(trx, command.session, at)
      await arrivals.insertMessage(trx, {
        id: message.id,
        session_id: session.id,
        seq: session.seq,
        task_id: null,
        parts: JSON.stringify(message.parts),
        person: command.person === null ? null : JSON.stringify(command.person),
        received_at: at,
      })
      const ended = command.action === 'none' ? { cancelled: [], requested: [] } : await cancelOpen(trx, session.id, at)
      if (command.action === 'new-session') {
        await trx.query.updateTable('session').set({ closed_at: at }).where('id', '=', session.id).execute()
      }
      if (command.notice !== null) await writeDelivery(trx, command.notice, at)
      return { type: 'carried-out', session: session.id, ...ended }
    })
  }
}

/**
 * Cancels what never ran in a session and marks the rest. What never ran leaves no turn: nothing was answered, and nothing
 * has to be remembered. What did run may have taken up messages: also when it is queued, only a finish commit ends it.
 */
async function cancelOpen(
  trx: Trx,
  session: string,
  at: number,
): Promise<{ cancelled: string[]; requested: string[] }> {
  const waiting = await trx.query
    .updateTable('task')
    .set({ state: 'cancelled', ended_at: at })
    .where('session_id', '=', session)
    .where(isTask('queued'))
    .where('attempt', '=', 0)
    .returning('id')
    .execute()
  const marked = await trx.query
    .updateTable('task')
    .set({ cancel_requested_at: at })
    .where('session_id', '=', session)
    .where(isOpenTask())
    .returning('id')
    .execute()
  const requested = marked.map(({ id }) => id)
  // What these tasks took up is meant as well: queued again unseen, it would be answered after all.
  if (requested.length > 0) {
    await trx.query.updateTable('task').set({ cancel_requested_at: at }).where('into_task', 'in', requested).execute()
  }
  return { cancelled: waiting.map(({ id }) => id), requested }
}
