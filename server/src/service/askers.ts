import type { Asyncv, Receipted } from 'asyncv'

/**
 * Which tasks are wanted by more than the request that began them. A request may ask that its task is cancelled when it
 * leaves; that must not take the answer away from somebody who has asked for the same since, by key or by id, or whose
 * message the task took up.
 */
export class Askers {
  /** By tasks whose first request still waits: whether another one has joined it. */
  readonly #joined = new Map<string, boolean>()

  constructor(asyncv: Pick<Asyncv, 'on'>) {
    asyncv.on('task.absorbed', ({ into }) => this.join(into))
  }

  /** A request has got this task. With `left`, cancels it when that is aborted. Call the result when it waits no more. */
  enter(
    { task, duplicate }: Pick<Receipted, 'task' | 'duplicate'>,
    cancel: () => void,
    left?: AbortSignal,
  ): () => void {
    if (duplicate) {
      this.join(task)
      return () => {}
    }
    this.#joined.set(task, false)
    const onLeft = (): void => {
      if (this.#joined.get(task) === false) cancel()
    }
    if (left?.aborted) onLeft()
    left?.addEventListener('abort', onLeft, { once: true })
    return () => {
      left?.removeEventListener('abort', onLeft)
      this.#joined.delete(task)
    }
  }

  /** Somebody else wants the answer of this task. */
  join(task: string): void {
    if (this.#joined.has(task)) this.#joined.set(task, true)
  }
}
