import type { ErrorRecord } from '../errors.ts'
import { type Deferred, deferred } from '../internal/deferred.ts'
import type { TextPart } from '../message.ts'
import type { Usage } from '../task.ts'

/** How a task ended, for those who wait for it. After `absorbed` the answer is the other task's. */
export type TaskEnd =
  | { type: 'done'; reply: TextPart[]; usage: Usage }
  | { type: 'failed'; error: ErrorRecord }
  | { type: 'cancelled' }
  | { type: 'absorbed'; into: string }

export interface Waiting {
  end: Promise<TaskEnd>
  /** Stops waiting. */
  leave(): void
}

/** Callers that wait for the end of a task in this process. Who comes later asks the database. */
export class Replies {
  readonly #waiting = new Map<string, Set<Deferred<TaskEnd>>>()

  wait(task: string): Waiting {
    const waiter = deferred<TaskEnd>()
    let waiters = this.#waiting.get(task)
    if (waiters === undefined) this.#waiting.set(task, (waiters = new Set()))
    waiters.add(waiter)
    // Who stopped waiting does not hear that the runtime stopped, and that is no failure.
    waiter.promise.catch(() => {})
    return {
      end: waiter.promise,
      leave: () => {
        waiters.delete(waiter)
        if (waiters.size === 0 && this.#waiting.get(task) === waiters) this.#waiting.delete(task)
      },
    }
  }

  /** The task ended, and that is on disk. */
  settle(task: string, end: TaskEnd): void {
    const waiters = this.#waiting.get(task)
    if (waiters === undefined) return
    this.#waiting.delete(task)
    for (const waiter of waiters) waiter.resolve(end)
  }

  /** Nobody will answer in this process any more. */
  abandon(reason: unknown): void {
    for (const waiters of this.#waiting.values()) for (const waiter of waiters) waiter.reject(reason)
    this.#waiting.clear()
  }
}
