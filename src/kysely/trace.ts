import type { DeliveryRow } from './schema.ts'
import type { MessageTrace, Storage } from '../storage.ts'
import type { Task } from '../task.ts'
import { type Database, read } from './database.ts'
import { toDelivery, toMessage } from './nouns.ts'

/** The way of one message, read from the rows themselves. */
export function traceQueries(db: Database, { task, steps }: Pick<Storage, 'task' | 'steps'>): Pick<Storage, 'trace'> {
  return { trace }

  function trace(id: string): Promise<MessageTrace | null> {
    return read(async () => {
      const message = await db.selectFrom('message').selectAll().where('id', '=', id).executeTakeFirst()
      if (message === undefined) return null
      const dedupe = await db
        .selectFrom('dedupe')
        .select(['scope', 'key', 'at'])
        .where('message_id', '=', id)
        .executeTakeFirst()
      const tasks = await followed(message.task_id)
      const answering = tasks.at(-1)?.id
      return {
        message: toMessage(message),
        dedupe: dedupe ?? null,
        tasks,
        steps: answering === undefined ? [] : await steps(answering),
        deliveries: (await deliveriesOf(id, answering)).map(toDelivery),
      }
    })
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
