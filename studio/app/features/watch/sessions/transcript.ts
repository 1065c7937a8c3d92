import type { Delivery, Message, Task } from '../types.ts'
import type { Exchange } from './queries.ts'

/** One line of what the person saw. */
export type Seen = { id: string; at: number } & (
  | { kind: 'message'; message: Message; task: Task | null }
  | { kind: 'delivery'; delivery: Delivery }
  /** What an API caller got in the response. */
  | { kind: 'reply'; task: Task }
  | { kind: 'failed'; task: Task }
)

/** What the person saw, in the order in which it happened. */
export function seenOf(exchanges: readonly Exchange[]): Seen[] {
  const lines = new Map<string, Seen>()
  const add = (line: Seen): void => void lines.set(line.id, line)
  for (const { message, task, deliveries } of exchanges) {
    add({ id: message.id, at: message.receivedAt, kind: 'message', message, task })
    for (const delivery of deliveries) {
      // A placeholder has no words yet.
      if (delivery.body.length > 0) add({ id: delivery.id, at: delivery.createdAt, kind: 'delivery', delivery })
    }
    if (task === null || task.endedAt === null) continue
    if (task.reply && deliveries.length === 0) add({ id: task.id, at: task.endedAt, kind: 'reply', task })
    if (task.state === 'failed' && deliveries.length === 0) add({ id: task.id, at: task.endedAt, kind: 'failed', task })
  }
  // Within one millisecond they stay as they were added: a message before its answer, and that before the next message.
  return [...lines.values()].sort((a, b) => a.at - b.at)
}
