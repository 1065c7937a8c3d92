import type { Task } from 'asyncv'

/**
 * The task that answers: itself, or the one that took its message up, which may have been taken up as well. `look` finds a
 * task by its id.
 */
export async function answering(task: Task, look: (id: string) => Promise<Task>): Promise<Task> {
  if (task.state !== 'absorbed' || task.into === null) return task
  const other = await answering(await look(task.into), look)
  if (other.endedAt === null) return other
  // One that fails before it saw the message gives it back with its end, so what was read before that end may be past.
  const own = await look(task.id)
  return own.state === 'absorbed' && own.into === task.into ? other : answering(own, look)
}
