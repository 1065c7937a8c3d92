import { endOf } from '../deliveries/course.ts'
import type { Delivery, Step, Task, Timeline } from '../types.ts'

/** One part of a message's way. `start` and `end` in ms since 1970; a moment ends where it starts, what is not over at null. */
export type Leg = { id: string; start: number; end: number | null } & (
  | { kind: 'received' }
  | { kind: 'lane'; task: Task }
  | { kind: 'started'; task: Task }
  | { kind: 'absorbed'; task: Task }
  | { kind: 'own' }
  /** Begun and not written down: that happens when it is over. */
  | { kind: 'unfinished'; task: Task }
  | { kind: 'step'; step: Step }
  | { kind: 'ended'; task: Task; delivered: boolean }
  | { kind: 'delivery'; delivery: Delivery }
)

export interface Way {
  legs: Leg[]
  /** The leg that took longest; null where none took any time. */
  slowest: string | null
  /** From the message to the last thing that happened, or to now. ms. */
  totalMs: number
  isOver: boolean
}

/** A gap in which nothing happened is told of from here on: ms, and its part of the whole. */
const gap = { ms: 20, part: 0.05 }

/** The way of a message in order, each leg with how long it took. */
export function wayOf(timeline: Timeline, deliveries: readonly Delivery[], steps: readonly Step[], now: number): Way {
  const received = Number(timeline.message['receivedAt'])
  const answering = timeline.tasks.at(-1)
  const legs: Leg[] = [{ id: 'received', kind: 'received', start: received, end: received }]
  // When it was taken up by a task that ran already, that had done things before the message was there.
  const mine = steps.filter(({ endedAt }) => endedAt === null || endedAt >= received)
  const isAbsorbed = timeline.tasks.length > 1

  for (const task of timeline.tasks.slice(0, -1)) {
    const at = task.endedAt ?? now
    if (at > received) legs.push({ id: `lane-${task.id}`, kind: 'lane', task, start: received, end: at })
    legs.push({ id: `absorbed-${task.id}`, kind: 'absorbed', task, start: at, end: at })
  }
  if (answering && !isAbsorbed) {
    const begun = begunAt(answering, mine)
    const left = begun ?? answering.endedAt
    if (left === null || left > received)
      legs.push({ id: 'lane', kind: 'lane', task: answering, start: received, end: left })
    if (begun !== null) legs.push({ id: 'started', kind: 'started', task: answering, start: begun, end: begun })
  }
  legs.push(
    ...mine.map(
      (step): Leg => ({ id: `step-${step.n}`, kind: 'step', step, start: step.startedAt, end: step.endedAt }),
    ),
  )
  const open = answering && unfinishedOf(answering, mine, received)
  if (open) legs.push(open)
  if (answering?.endedAt != null) {
    const at = answering.endedAt
    legs.push({ id: 'ended', kind: 'ended', task: answering, delivered: deliveries.length > 0, start: at, end: at })
  }
  legs.push(...deliveries.filter(({ body }) => body.length > 0).map((one) => deliveryLeg(one, answering)))

  legs.sort((a, b) => a.start - b.start || order.indexOf(a.kind) - order.indexOf(b.kind))
  const isOver = legs.every((leg) => leg.end !== null) && (answering === undefined || answering.endedAt !== null)
  const last = Math.max(received, ...legs.map((leg) => leg.end ?? now), isOver ? received : now)
  const whole = withGaps(legs, last - received, answering, now)
  const lengths = whole.map((leg) => (leg.end ?? now) - leg.start)
  const longest = Math.max(0, ...lengths)
  return {
    legs: whole,
    slowest: longest > 0 ? (whole[lengths.indexOf(longest)]?.id ?? null) : null,
    totalMs: last - received,
    isOver,
  }
}

const order: Leg['kind'][] = [
  'received',
  'lane',
  'absorbed',
  'started',
  'step',
  'own',
  'unfinished',
  'ended',
  'delivery',
]

function unfinishedOf(task: Task, steps: readonly Step[], received: number): Leg | null {
  if (task.state === 'done' || task.startedAt === null || steps.some(({ endedAt }) => endedAt === null)) return null
  const from = Math.max(received, task.startedAt, ...steps.map(({ endedAt }) => endedAt ?? 0))
  if (task.endedAt !== null && task.endedAt <= from) return null
  return { id: 'unfinished', kind: 'unfinished', task, start: from, end: task.endedAt }
}

function begunAt(task: Task, steps: readonly Step[]): number | null {
  if (task.startedAt === null) return null
  return Math.min(task.startedAt, ...steps.map(({ startedAt }) => startedAt))
}

/**
 * An answer that was shown while it was being written has a delivery older than itself: its placeholder. It goes out when
 * it is ready, and is told of then.
 */
function deliveryLeg(delivery: Delivery, answering: Task | undefined): Leg {
  const ready = delivery.kind === 'answer' ? (answering?.endedAt ?? 0) : 0
  const start = Math.max(delivery.createdAt, ready)
  const end = endOf(delivery)
  return { id: `delivery-${delivery.id}`, kind: 'delivery', delivery, start, end: end && Math.max(start, end) }
}

/** Puts in where nothing happened between two legs. */
function withGaps(legs: readonly Leg[], totalMs: number, answering: Task | undefined, now: number): Leg[] {
  const all: Leg[] = []
  let free: number | null = null
  for (const leg of legs) {
    const ms = free === null ? 0 : leg.start - free
    if (free !== null && ms >= gap.ms && ms >= totalMs * gap.part)
      all.push({ id: `own-${all.length}`, kind: 'own', start: free, end: leg.start })
    all.push(leg)
    free = Math.max(free ?? 0, leg.end ?? now)
  }
  return answering ? all : [...legs]
}

export type Place =
  | 'waiting'
  | 'working'
  | 'sending'
  | 'answered'
  | 'answeredCaller'
  | 'failed'
  | 'cancelled'
  | 'stuck'
  | 'command'
  | 'gone'

/** Where the message is now, in a word. */
export function placeOfMessage(timeline: Timeline, deliveries: readonly Delivery[]): Place {
  const task = timeline.tasks.at(-1)
  if (task === undefined) return timeline.message['task'] === null ? 'command' : 'gone'
  if (task.state === 'queued') return 'waiting'
  if (task.state === 'running') return 'working'
  if (task.state === 'failed') return 'failed'
  if (task.state === 'cancelled') return 'cancelled'
  if (deliveries.length === 0) return 'answeredCaller'
  if (deliveries.some(({ state }) => state === 'dead' || state === 'held' || state === 'discarded')) return 'stuck'
  return deliveries.every(({ state }) => state === 'sent') ? 'answered' : 'sending'
}
