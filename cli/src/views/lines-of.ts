import type { Delivery, Message, Step, Task } from 'asyncv'
import { cleanLine } from '../terminal/clean.ts'
import { durationOf, secondOf } from '../terminal/time.ts'
import type { Mark, TimelineLine } from '../terminal/timeline.ts'
import { words } from '../words/spoken.ts'

/** What a service tells about a message and its task, as lines of a timeline. */

export function linesOfMessage(message: Message, dedupe: { scope: string; key: string } | null): TimelineLine[] {
  const { trace } = words
  const at = message.receivedAt
  return [
    { at, mark: 'fact', text: trace.received, note: trace.receivedNote(message.session) },
    ...(dedupe === null
      ? []
      : [line(at, 'fact', trace.deduplicated, trace.dedupeNote(cleanLine(dedupe.key), cleanLine(dedupe.scope)))]),
    ...(message.task === null ? [line(at, 'good', trace.noTask)] : []),
  ]
}

export function linesOfTask(task: Task): TimelineLine[] {
  const { trace } = words
  const { startedAt, endedAt, createdAt, attempt, crashes } = task
  const began = [
    ...(startedAt !== null && startedAt - createdAt >= 1 ? [trace.waited(durationOf(startedAt - createdAt))] : []),
    ...(attempt > 1 ? [trace.attempt(attempt)] : []),
    ...(crashes > 0 ? [trace.crashes(crashes)] : []),
  ]
  return [
    line(createdAt, 'fact', trace.queued, trace.queuedNote(task.id, task.agent)),
    ...(startedAt === null ? [] : [line(startedAt, 'fact', trace.began, trace.joined(began))]),
    ...(endedAt === null ? [] : [ended(task, endedAt)]),
    ...(task.state === 'queued' ? [line(null, 'open', trace.waiting)] : []),
    ...(task.state === 'running' ? [line(null, 'open', trace.running)] : []),
  ]
}

function ended({ state, into, error, usage }: Task, at: number): TimelineLine {
  const { trace } = words
  if (into !== null) return line(at, 'fact', trace.absorbed, trace.absorbedNote(into))
  if (state === 'done') return line(at, 'good', trace.done, trace.tokens(usage.inputTokens, usage.outputTokens))
  const why = error === null ? '' : `${error.code}: ${cleanLine(error.message)}`
  return line(at, 'bad', state === 'cancelled' ? trace.cancelled : trace.failed, why)
}

export function lineOfStep({ n, kind, name, state, usage, startedAt, endedAt, attempt }: Step): TimelineLine {
  const { trace } = words
  const called = cleanLine(name ?? '')
  const text = { input: trace.input(n), model: trace.model(n, called), tool: trace.tool(n, called) }[kind]
  const notes = [
    ...(kind === 'model' && endedAt !== null ? [trace.tokens(usage.inputTokens, usage.outputTokens)] : []),
    ...(state === 'unknown' ? [trace.cut] : state === 'started' ? [trace.underWay] : []),
    ...(attempt > 1 ? [trace.attempt(attempt)] : []),
  ]
  return {
    at: startedAt,
    mark: state === 'done' ? 'fact' : state === 'unknown' ? 'doubt' : 'open',
    text,
    note: trace.joined(notes),
    // Of a step that took a message up there is nothing to measure.
    ...(endedAt === null || kind === 'input' ? {} : { tookMs: endedAt - startedAt }),
  }
}

const marks: Record<Delivery['state'], Mark> = {
  pending: 'open',
  sending: 'open',
  retrying: 'open',
  uncertain: 'doubt',
  held: 'doubt',
  sent: 'good',
  dead: 'bad',
  discarded: 'bad',
}

export function linesOfDelivery(delivery: Delivery): TimelineLine[] {
  const { trace, states } = words
  const { id, part, kind, state, attempt, uncertainCount, nextAt, error, createdAt, settledAt, destination } = delivery
  const stuck = state === 'held' || state === 'dead'
  const notes = [
    ...(attempt > 1 ? [trace.tries(attempt)] : []),
    ...(uncertainCount > 0 ? [trace.uncertain(uncertainCount)] : []),
    ...(error === null || state === 'sent' ? [] : [`${error.code}: ${cleanLine(error.message)}`]),
    ...(state === 'retrying' && nextAt !== null ? [trace.nextTry(secondOf(nextAt))] : []),
    ...(stuck ? [trace.decide(id)] : []),
  ]
  const to = trace.deliveryTo(cleanLine(destination))
  return [
    line(createdAt, 'fact', trace.delivery(part + 1, trace.kinds[kind]), to),
    line(settledAt, marks[state], trace.deliveryIs(part + 1, states[state]), trace.joined(notes)),
  ]
}

function line(at: number | null, mark: Mark, text: string, note = ''): TimelineLine {
  return { at, mark, text, note }
}
