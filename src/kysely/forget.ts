import { openDeliveryStates, stuckDeliveryStates } from '../delivery.ts'
import type { Forgettable, Storage } from '../storage.ts'
import { type Database, decide, read, type Trx } from './database.ts'

/** Rows looked at for one transaction: about a millisecond of reading, and as much of deleting where all of them go. */
const piece = 200

/** Deliveries that are still to be sent, or that an operator has to decide about. */
const unsettled = [...openDeliveryStates, ...stuckDeliveryStates]

/** What a walk has come to: the rows of a piece that are due, and where the next piece begins. */
interface Walked<Row> {
  due: Row[]
  next: string | null
}

/**
 * Takes away what is older than it is to be kept. No index says what is old, since each message would pay for it: ids
 * ascend with time, so the old rows come first, and a walk ends at the first row that is young. What is due is looked at
 * again in the transaction that deletes it: an operator may have queued it anew meanwhile.
 */
export function forgetQueries(db: Database): Pick<Storage, 'forget'> {
  const walks: Record<Forgettable, (before: number, after: string | null) => Promise<string | null>> = {
    tasks: forgetTasks,
    commands: forgetCommands,
    posts: forgetPosts,
    sessions: forgetSessions,
    dedupe: forgetKeys,
  }
  return { forget: (what, before, after) => walks[what](before, after) }

  /** With the messages it answered, those it took up too, its steps and its deliveries. */
  async function forgetTasks(before: number, after: string | null): Promise<string | null> {
    const { due, next } = await walk(before, () => {
      const rows = db.selectFrom('task').select(['id', 'created_at as at']).orderBy('id').limit(piece)
      return after === null ? rows : rows.where('id', '>', after)
    })
    await removing(due, async (trx, ids) => {
      const old = await trx.query
        .selectFrom('task')
        .select('id')
        .where('id', 'in', ids)
        .where('state', 'in', ['done', 'failed', 'cancelled'])
        .where('ended_at', '<', before)
        .where((e) =>
          e.not(
            e.exists(
              e
                .selectFrom('delivery')
                .select('delivery.id')
                .whereRef('delivery.task_id', '=', 'task.id')
                .where('delivery.state', 'in', unsettled),
            ),
          ),
        )
        .execute()
      if (old.length === 0) return
      const answering = old.map(({ id }) => id)
      // A query and no list: one of them may have taken up more messages than a statement has room for.
      const taskIds = () =>
        trx.query
          .selectFrom('task')
          .select('id')
          .where('id', 'in', answering)
          .unionAll(trx.query.selectFrom('task').select('id').where('into_task', 'in', answering))
      await trx.query.deleteFrom('delivery').where('task_id', 'in', taskIds()).execute()
      await trx.query.deleteFrom('step').where('task_id', 'in', taskIds()).execute()
      const own = trx.query.selectFrom('task').select('message_id').where('id', 'in', taskIds())
      await trx.query.deleteFrom('message').where('id', 'in', own).execute()
      await trx.query.deleteFrom('task').where('into_task', 'in', answering).execute()
      await trx.query.deleteFrom('task').where('id', 'in', answering).execute()
    })
    return next
  }

  /** Messages without a task, and the notices that answered them. */
  async function forgetCommands(before: number, after: string | null): Promise<string | null> {
    const { due, next } = await walk(before, () => {
      const rows = db.selectFrom('message').select(['id', 'received_at as at', 'task_id']).orderBy('id').limit(piece)
      return after === null ? rows : rows.where('id', '>', after)
    })
    const commands = due.filter(({ task_id }) => task_id === null)
    await removing(commands, async (trx, ids) => {
      const open = await trx.query
        .selectFrom('delivery')
        .select('message_id')
        .where('message_id', 'in', ids)
        .where('state', 'in', unsettled)
        .execute()
      const answered = ids.filter((id) => !open.some(({ message_id }) => message_id === id))
      if (answered.length === 0) return
      await trx.query.deleteFrom('delivery').where('message_id', 'in', answered).where('task_id', 'is', null).execute()
      await trx.query.deleteFrom('message').where('id', 'in', answered).execute()
    })
    return next
  }

  /** Deliveries that answer nothing. */
  async function forgetPosts(before: number, after: string | null): Promise<string | null> {
    const { due, next } = await walk(before, () => {
      const rows = db
        .selectFrom('delivery')
        .select(['seq as id', 'created_at as at', 'task_id', 'message_id', 'state', 'settled_at'])
        .orderBy('seq')
        .limit(piece)
      return after === null ? rows : rows.where('seq', '>', Number(after))
    })
    // What is sent or discarded stays so: nothing has to be looked at again.
    const posts = due.filter(
      ({ task_id, message_id, state, settled_at }) =>
        task_id === null &&
        message_id === null &&
        !unsettled.some((one) => one === state) &&
        (settled_at ?? before) < before,
    )
    await removing(posts, async (trx, seqs) => {
      await trx.query.deleteFrom('delivery').where('seq', 'in', seqs).execute()
    })
    return next
  }

  /** Those of which nothing is left. Who comes back to the same address begins a new one. */
  async function forgetSessions(before: number, after: string | null): Promise<string | null> {
    const { due, next } = await walk(before, () => {
      const rows = db.selectFrom('session').select(['id', 'created_at as at']).orderBy('id').limit(piece)
      return after === null ? rows : rows.where('id', '>', after)
    })
    await removing(due, async (trx, ids) => {
      await trx.query
        .deleteFrom('session')
        .where('id', 'in', ids)
        .where((e) =>
          e.not(
            e.exists(
              e.selectFrom('message').select('message.id').whereRef('message.session_id', '=', 'session.id').limit(1),
            ),
          ),
        )
        .execute()
    })
    return next
  }

  /** Their keys say nothing of time, so all of them are looked at. */
  async function forgetKeys(before: number, after: string | null): Promise<string | null> {
    const place = after === null ? null : (JSON.parse(after) as [scope: string, key: string])
    const rows = await read(() => {
      let query = db.selectFrom('dedupe').select(['scope', 'key', 'at']).orderBy('scope').orderBy('key').limit(piece)
      if (place !== null) query = query.where((e) => e(e.refTuple('scope', 'key'), '>', e.tuple(...place)))
      return query.execute()
    })
    const old = rows.filter(({ at }) => at < before)
    if (old.length > 0) {
      await decide(db, async (trx) => {
        for (const scope of new Set(old.map((row) => row.scope))) {
          const keys = old.flatMap((row) => (row.scope === scope ? [row.key] : []))
          await trx.query.deleteFrom('dedupe').where('scope', '=', scope).where('key', 'in', keys).execute()
        }
      })
    }
    const last = rows.at(-1)
    return last === undefined || rows.length < piece ? null : JSON.stringify([last.scope, last.key])
  }

  async function walk<Row extends { id: string | number; at: number }>(
    before: number,
    query: () => { execute(): Promise<Row[]> },
  ): Promise<Walked<Row>> {
    const rows = await read(() => query().execute())
    const last = rows.at(-1)
    const isEnd = last === undefined || rows.length < piece || last.at >= before
    return { due: rows.filter(({ at }) => at < before), next: isEnd ? null : String(last.id) }
  }

  async function removing<Id extends string | number>(
    due: readonly { id: Id }[],
    remove: (trx: Trx, ids: Id[]) => Promise<void>,
  ): Promise<void> {
    if (due.length === 0) return
    await decide(db, (trx) =>
      remove(
        trx,
        due.map(({ id }) => id),
      ),
    )
  }
}
