import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import { defaultSpace } from '../session.ts'
import type { Within } from '../page.ts'
import type { Tables } from './schema.ts'

/** Deliveries that belong to a space and to agents, by the session of their task. Those without a task are posts in chats. */
export function concerns({ space, agents }: Within) {
  return (e: ExpressionBuilder<Tables, 'delivery'>): Expression<SqlBool> => {
    let owner = e
      .selectFrom('task')
      .innerJoin('session', 'session.id', 'task.session_id')
      .select('task.id')
      .whereRef('task.id', '=', 'delivery.task_id')
    if (space !== undefined) owner = owner.where('session.space', '=', space)
    if (agents !== undefined) owner = owner.where('task.agent', 'in', agents)
    const posted = (space ?? defaultSpace) === defaultSpace && agents === undefined
    return posted ? e.or([e('delivery.task_id', 'is', null), e.exists(owner)]) : e.exists(owner)
  }
}
