import type { Clock } from '../clock.ts'
import { AsyncvError } from '../errors.ts'
import type { LiveEvent } from '../event.ts'
import type { Replies, TaskEnd, Waiting } from '../inbox/replies.ts'
import { deferred } from '../internal/deferred.ts'
import { textOf, type TextPart } from '../message.ts'
import type { Storage } from '../storage.ts'
import type { Usage } from '../task.ts'
import type { LiveHub } from './live.ts'

export interface TaskAnswer {
  text: string
  parts: TextPart[]
  usage: Usage
}

export interface FollowPorts {
  replies: Replies
  live: LiveHub
  storage: Pick<Storage, 'task'>
}

export interface FollowOptions {
  clock: Clock
  replyTimeoutMs: number
  signal: AbortSignal | undefined
}

/**
 * Follows a task to its answer, also when another task takes its message up, or when it had ended before. `expected` is
 * the id it will have if it is new: listening begins before it can end. Null when it was accepted earlier.
 */
export function follow(expected: string | null, ports: FollowPorts, { clock, replyTimeoutMs, signal }: FollowOptions) {
  let waiting: Waiting | null = expected === null ? null : ports.replies.wait(expected)
  let followed = expected
  const pending: LiveEvent[] = []
  let wake = deferred<void>()
  let stopHearing: (() => void) | null = null
  const patience = deferred<never>()
  patience.promise.catch(() => {}) // it may end when nobody looks any more
  const cancelPatience = clock.after(replyTimeoutMs, () => patience.reject(tooSlow(followed ?? '', replyTimeoutMs)))
  const abort = (): void => patience.reject(signal?.reason)
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort, { once: true })

  return { answer, events, leave }

  /** Resolves with the answer of `task`; rejects with the error it ended with. */
  async function answer(task: string): Promise<TaskAnswer> {
    for (let id = task; ; ) {
      const end = await Promise.race([endOf(id), patience.promise])
      if (end.type !== 'absorbed') return toAnswer(task, end)
      // If the other one fails before it saw the message, this task is queued again; so its own row has the last word.
      const other = await Promise.race([endOf(end.into), patience.promise])
      const own = await ports.storage.task(task)
      if (own?.state === 'absorbed' && own.into === end.into && other.type !== 'absorbed') return toAnswer(task, other)
      id = own?.state === 'absorbed' ? (own.into ?? task) : task
    }
  }

  async function* events(task: string): AsyncGenerator<LiveEvent | { type: 'ended'; answer: TaskAnswer }> {
    hear(task)
    let result: { answer: TaskAnswer } | { error: unknown } | null = null
    answer(task).then(
      (value) => settle({ answer: value }),
      (error: unknown) => settle({ error }),
    )
    function settle(ended: NonNullable<typeof result>): void {
      result = ended
      wake.resolve()
    }
    for (;;) {
      while (pending.length > 0) yield pending.shift() as LiveEvent
      const ended = result as { answer: TaskAnswer } | { error: unknown } | null
      if (ended !== null) {
        if ('error' in ended) throw ended.error
        yield { type: 'ended', answer: ended.answer }
        return
      }
      await wake.promise
      wake = deferred()
    }
  }

  function leave(): void {
    cancelPatience()
    waiting?.leave()
    stopHearing?.()
    signal?.removeEventListener('abort', abort)
  }

  /** Waits for the end of a task here, or reads it when it had ended before. */
  async function endOf(task: string): Promise<TaskEnd> {
    // Nobody else knows the id of a task that is just being accepted, so its end cannot have been missed.
    if (task === expected && waiting !== null && followed === task) return waiting.end
    waiting?.leave()
    waiting = ports.replies.wait(task)
    followed = task
    const { end } = waiting
    if (stopHearing !== null) hear(task)
    const row = await ports.storage.task(task)
    if (row === null) throw new AsyncvError('task_unknown', `There is no task ${task}.`)
    switch (row.state) {
      case 'done':
        return { type: 'done', reply: row.reply ?? [], usage: row.usage }
      case 'failed':
        return { type: 'failed', error: row.error ?? { code: 'internal', message: 'The task failed.' } }
      case 'cancelled':
        return { type: 'cancelled' }
      case 'absorbed':
        return { type: 'absorbed', into: row.into ?? task }
      default:
        return end
    }
  }

  function hear(task: string): void {
    stopHearing?.()
    stopHearing = ports.live.subscribe(task, (event) => {
      const last = pending.at(-1)
      // A reader that falls behind gets longer deltas, not more of them.
      if (last?.type === 'text.delta' && event.type === 'text.delta' && last.n === event.n) {
        pending[pending.length - 1] = { ...last, text: last.text + event.text }
      } else {
        pending.push(event)
      }
      wake.resolve()
    })
  }
}

function toAnswer(task: string, end: Exclude<TaskEnd, { type: 'absorbed' }>): TaskAnswer {
  switch (end.type) {
    case 'done':
      return { text: textOf(end.reply), parts: end.reply, usage: end.usage }
    case 'failed':
      throw AsyncvError.from({ ...end.error, task })
    case 'cancelled':
      throw new AsyncvError('cancelled', `Task ${task} was cancelled.`, { task })
  }
}

function tooSlow(task: string, ms: number): AsyncvError {
  return new AsyncvError('reply_timeout', `Task ${task} has not answered within ${ms} ms; it goes on.`, {
    hint: 'Ask for the task later, or repeat the call with the same idempotency key.',
    task,
    retryable: true,
  })
}
