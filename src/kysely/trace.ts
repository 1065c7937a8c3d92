import type { DedupeRow, DeliveryRow } from './schema.ts'
import type { MessageTrace, Storage } from '../storage.ts'
import type { Task } from '../task.ts'
import { type Database, read } from './database.ts'
import { toDelivery, toMessage } from './nouns.ts'
import { piece, type Turn } from './pieces.ts'
import { anewScope } from './retry.ts'

type DedupePlace = Pick<DedupeRow, 'scope' | 'key'>

/** The way of one message, read from the rows themselves. */
export function traceQueries(
  db: Database,
  { task, steps }: Pick<Storage, 'task' | 'steps'>,
  turn: Turn,
): Pick<Storage, 'trace'> {
  return { trace }

  function trace(id: string): Promise<MessageTrace | null> {
    return read(async () => {
      const message = await db.selectFrom('message').selectAll().where('id', '=', id).executeTakeFirst()
      if (message === undefined) return null
      const dedupe = await dedupeOf(id)
      const tasks = await followed(message.task_id)
      const answering = tasks.at(-1)?.id
      return {
        message: toMessage(message),
        dedupe,
        tasks,
        steps: answering === undefined ? [] : await steps(answering),
        deliveries: (await deliveriesOf(id, answering)).map(toDelivery),
      }
    })
  }

  /**
   * The key that a message came under. There is no index the other way round, which each message would pay for; whoever
   * asks for a trace waits, and others have their turn meanwhile.
   */
  async function dedupeOf(message: string): Promise<MessageTrace['dedupe']> {
    for (let after: DedupePlace | null = null; ; ) {
      const upTo: DedupePlace | null = await placeBehind(after)
      const found = await keys(after, upTo)
        .select(['scope', 'key', 'at'])
        .where('message_id', '=', message)
        .where('scope', '!=', anewScope)
        .limit(1)
        .execute()
      if (found[0] !== undefined || upTo === null) return found[0] ?? null
      after = upTo
      await turn()
    }
  }

  async function placeBehind(after: DedupePlace | null): Promise<DedupePlace | null> {
    const [place] = await keys(after, null)
      .select(['scope', 'key'])
      .orderBy('scope')
      .orderBy('key')
      .limit(1)
      .offset(piece - 1)
      .execute()
    return place ?? null
  }

  function keys(after: DedupePlace | null, upTo: DedupePlace | null) {
    let query = db.selectFrom('dedupe')
    if (after !== null) query = query.where((e) => e(e.refTuple('scope', 'key'), '>', e.tuple(after.scope, after.key)))
    if (upTo !== null) query = query.where((e) => e(e.refTuple('scope', 'key'), '<=', e.tuple(upTo.scope, upTo.key)))
    return query
  }

  /** A message's own task and, when that was absorbed, the one that answers. */
  async function followed(first: string | null): Promise<Task[]> {
    const tasks: Task[] = []
    for (let next = first; next !== null; next = tasks.at(-1)?.into ?? null) {
      const found = await task(next)
      if (found === null) break
      tasks.push(found)
    }
    return tasks
  }

  /** An answer names its task; the notice of a command has none, and names the message. */
  function deliveriesOf(message: string, task: string | undefined): Promise<DeliveryRow[]> {
    const all = db.selectFrom('delivery').selectAll().orderBy('seq')
    return (task === undefined ? all.where('message_id', '=', message) : all.where('task_id', '=', task)).execute()
  }
}
