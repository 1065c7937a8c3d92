/**
 * States as conditions. They are written into the SQL and not bound as parameters: a partial index is used only where
 * the database can see that its condition holds, and without it a claim would read the whole table.
 */
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { openDeliveryStates, stuckDeliveryStates, type DeliveryState } from '../delivery.ts'
import type { TaskState } from '../task.ts'

/** The condition of the index `task_pending`, word for word. */
export function isPendingTask(table = 'task'): RawBuilder<SqlBool> {
  return sql`${sql.ref(`${table}.state`)} in ('queued', 'waiting')`
}

/** Queued or running, as the index of such tasks finds them. */
export function isTask(state: 'queued' | 'running', table = 'task'): RawBuilder<SqlBool> {
  const is = sql<SqlBool>`${sql.ref(`${table}.state`)} = ${sql.lit<TaskState>(state)}`
  // Running ones have an index of their own, and nothing says to the database that a queued one is pending.
  return state === 'running' ? is : sql`(${is} and ${isPendingTask(table)})`
}

/** Pending or running, by the two indices together. */
export function isOpenTask(table = 'task'): RawBuilder<SqlBool> {
  return sql`(${isTask('running', table)} or ${isPendingTask(table)})`
}

/** The condition of the index `task_unanswered`, word for word. */
function isUnanswered(): RawBuilder<SqlBool> {
  return sql`task.state in ('failed', 'cancelled')`
}

/** Tasks of this state by an index of few rows, or null where there are too many of them for one. */
export function isFewTasks(state: TaskState): RawBuilder<SqlBool> | null {
  switch (state) {
    case 'queued':
    case 'running':
      return isTask(state)
    case 'failed':
    case 'cancelled':
      return sql`(task.state = ${sql.lit(state)} and ${isUnanswered()})`
    case 'done':
    case 'absorbed':
      return null
  }
}

/** The condition of the index `delivery_open`. */
export function isOpenDelivery(): RawBuilder<SqlBool> {
  return sql`delivery.state in (${sql.join(openDeliveryStates.map((state) => sql.lit(state)))})`
}

/** The condition of the index `delivery_stuck`. */
export function isStuckDelivery(): RawBuilder<SqlBool> {
  return sql`delivery.state in (${sql.join(stuckDeliveryStates.map((state) => sql.lit(state)))})`
}

/** The condition of the index `delivery_uncertain`. */
export function wasUncertain(): RawBuilder<SqlBool> {
  return sql`delivery.uncertain_count > 0`
}

/** Deliveries of this state by an index of few rows, or null where there are too many of them for one. */
export function isFewDeliveries(state: DeliveryState): RawBuilder<SqlBool> | null {
  const is = sql<SqlBool>`delivery.state = ${sql.lit(state)}`
  if (openDeliveryStates.some((open) => open === state)) return sql`(${is} and ${isOpenDelivery()})`
  return stuckDeliveryStates.some((stuck) => stuck === state) ? sql`(${is} and ${isStuckDelivery()})` : null
}

export function isSending(): RawBuilder<SqlBool> {
  return sql`(delivery.state = ${sql.lit<DeliveryState>('sending')} and ${isOpenDelivery()})`
}

/** What is to be sent, now or later, and is not on its way. */
export function isWaiting(): RawBuilder<SqlBool> {
  return sql`(delivery.state <> ${sql.lit<DeliveryState>('sending')} and ${isOpenDelivery()})`
}
