import { sql } from 'kysely'
import type { EventStore, RecordedEvent } from '../recorded-event.ts'
import { defaultSpace } from '../session.ts'
import { type Database, decide, read } from './database.ts'
import { fromJson } from './nouns.ts'
import { prepared } from './prepared.ts'

/** Rows deleted in one transaction, so that pruning keeps nobody waiting. */
const pruned = 5_000

/** What happened, as the database's triggers wrote it down; what a row speaks of is looked up when it is read. */
export function eventQueries(db: Database): EventStore {
  // Apart, each is the end of an index; together they are a walk through it.
  const findRange = prepared<object, { first: number | null; last: number | null }>(() =>
    db.selectNoFrom((e) => [
      e
        .selectFrom('event')
        .select((of) => of.fn.min('id').as('id'))
        .as('first'),
      e
        .selectFrom('event')
        .select((of) => of.fn.max('id').as('id'))
        .as('last'),
    ]),
  )

  return {
    pruneEvents: (before) =>
      decide(db, async (trx) => {
        const old = trx.query
          .selectFrom('event')
          .select('id')
          .where('at', '<', before)
          // The last one stays, and with it what is known of how far the numbers have come.
          .where('id', '<', (e) => e.selectFrom('event').select((of) => of.fn.max('id').as('id')))
          .orderBy('at')
          .limit(pruned)
          .as('old')
        // From the front, also where a clock went back: a gap in the middle would be seen by nobody.
        const front = trx.query
          .selectFrom('event')
          .select('id')
          .where('id', '<=', (e) => e.selectFrom(old).select((of) => of.fn.max('old.id').as('id')))
          .orderBy('id')
          .limit(pruned)
        const { numDeletedRows } = await trx.query.deleteFrom('event').where('id', 'in', front).executeTakeFirst()
        return Number(numDeletedRows) === pruned
      }),

    eventRange: () =>
      read(async () => {
        const [range] = await findRange(db.committed, {})
        const { first = null, last = null } = range ?? {}
        return first === null || last === null ? null : { first: Number(first), last: Number(last) }
      }),

    events: ({ after, upTo, limit, space, agents }) =>
      read(async () => {
        let query = db
          .selectFrom('event')
          .leftJoin('delivery', 'delivery.id', 'event.delivery_id')
          .leftJoin('task', 'task.id', 'event.task_id')
          .leftJoin('message', 'message.id', 'event.message_id')
          .leftJoin('session', (join) =>
            join.on('session.id', '=', sql<string>`coalesce(message.session_id, task.session_id)`),
          )
          .select([
            'event.id',
            'event.at',
            'event.type',
            'event.message_id as message',
            'event.task_id as task',
            'event.delivery_id as delivery',
            'session.id as session',
            'session.agent',
            'delivery.destination',
            'task.into_task as into',
            'event.error',
          ])
          .where('event.id', '>', after)
          .where('event.id', '<=', upTo)
        // What answers nobody was said in a chat of a connector.
        if (space !== undefined)
          query = query.where((e) => e(e.fn.coalesce('session.space', sql.lit(defaultSpace)), '=', space))
        if (agents !== undefined) query = query.where('session.agent', 'in', agents)
        const rows = await query.orderBy('event.id').limit(limit).execute()
        return rows.map(
          (row): RecordedEvent => ({
            ...row,
            into: row.type === 'task.absorbed' ? row.into : null,
            error: row.error === null ? null : fromJson(row.error),
          }),
        )
      }),
  }
}
