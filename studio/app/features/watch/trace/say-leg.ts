import type { Words } from '../../../words/english.ts'
import { isForDecision } from '../deliveries/course.ts'
import { placeOf } from '../place.ts'
import { isToolError, modelResult } from '../tasks/step-content.ts'
import type { Delivery, Step, Task } from '../types.ts'
import type { Leg } from './legs.ts'

/** One leg as a sentence for who knows nothing of code. */
export function sayLeg(leg: Leg, words: Words): string {
  const { legs } = words.trace
  switch (leg.kind) {
    case 'received':
      return legs.received
    case 'lane':
      return leg.end === null ? legs.laneNow : legs.lane
    case 'started':
      return leg.task.attempt > 1
        ? legs.startedAgain(leg.task.agent, String(leg.task.attempt))
        : legs.started(leg.task.agent)
    case 'absorbed':
      return legs.absorbed
    case 'own':
      return legs.own
    case 'unfinished':
      return leg.end === null ? legs.underWay : legs.unfinished
    case 'step':
      return sayStep(leg.step, words)
    case 'ended':
      return sayEnd(leg.task, leg.delivered, words)
    case 'delivery':
      return sayDelivery(leg.delivery, words)
  }
}

/** Something went wrong there. */
export function isBad(leg: Leg): boolean {
  if (leg.kind === 'step') return leg.step.state === 'unknown' || isToolError(leg.step)
  if (leg.kind === 'ended') return leg.task.state === 'failed'
  return leg.kind === 'delivery' && isForDecision(leg.delivery)
}

function sayStep(step: Step, { trace: { legs } }: Words): string {
  const name = step.name ?? ''
  if (step.state === 'unknown') return legs.unknown(name)
  if (step.kind === 'input') return legs.input
  if (step.kind === 'tool') {
    if (step.endedAt === null) return legs.toolNow(name)
    return isToolError(step) ? legs.toolFailed(name) : legs.tool(name)
  }
  if (step.endedAt === null) return legs.modelNow(name)
  const calls = modelResult.safeParse(step.result).data?.calls ?? []
  return calls.length === 0 ? legs.model(name) : legs.modelCalls(name, namesOf(calls))
}

function sayEnd(task: Task, delivered: boolean, { trace: { legs } }: Words): string {
  if (task.state === 'failed') return legs.failed(task.error?.message ?? '')
  if (task.state === 'cancelled') return legs.cancelled
  return delivered ? legs.done : legs.answeredCaller
}

function sayDelivery({ state, kind, destination }: Delivery, words: Words): string {
  const { legs } = words.trace
  const to = placeOf(destination, words.watch)
  switch (state) {
    case 'sent':
      return kind === 'notice' ? legs.noticeSent(to) : legs.sent(to)
    case 'pending':
    case 'sending':
      return legs.sendingNow(to)
    case 'retrying':
      return legs.retrying(to)
    case 'uncertain':
      return legs.uncertain
    case 'held':
      return legs.held
    case 'dead':
      return legs.dead(to)
    case 'discarded':
      return legs.discarded
  }
}

/** Each once, and how often. */
function namesOf(calls: readonly { name: string }[]): string[] {
  const counts = new Map<string, number>()
  for (const { name } of calls) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} × ${count}`))
}
