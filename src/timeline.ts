import type { Timeline, TimelineEntry } from './api.ts'
import type { Delivery } from './delivery.ts'
import type { MessageTrace } from './storage.ts'
import type { Step, Task } from './task.ts'

/** "Where is my message?", read from the rows themselves: what happened, in order, in a sentence each. */
export function toTimeline(trace: MessageTrace): Timeline {
  const { message, tasks, steps, deliveries } = trace
  const received: TimelineEntry = {
    at: message.receivedAt,
    what: 'message.received',
    text: 'The message was received.',
    subject: message.id,
  }
  // In the order in which things happen; sorting by time keeps it for what happened within one ms.
  const entries = [
    received,
    ...tasks.flatMap(startOf),
    ...steps.flatMap(entriesOfStep),
    ...tasks.flatMap(endOf),
    ...deliveries.flatMap(entriesOfDelivery),
  ]
  return { ...trace, entries: entries.sort((a, b) => a.at - b.at) }
}

function startOf({ id: subject, agent, attempt, startedAt }: Task): TimelineEntry[] {
  if (startedAt === null) return []
  const again = attempt > 1 ? ` (attempt ${attempt})` : ''
  return [{ at: startedAt, what: 'task.started', text: `Agent ${agent} began to answer${again}.`, subject }]
}

function endOf(task: Task): TimelineEntry[] {
  const { id: subject, endedAt, into, state, error } = task
  if (endedAt === null) return []
  if (into !== null) {
    return [{ at: endedAt, what: 'task.absorbed', text: `Task ${into} took the message up and answers it.`, subject }]
  }
  const { inputTokens, outputTokens } = task.usage
  const how = error === null ? `${state} (${inputTokens} tokens in, ${outputTokens} out)` : `${state}: ${error.message}`
  return [{ at: endedAt, what: 'task.ended', text: `The task ended: ${how}`, subject }]
}

function entriesOfStep(step: Step): TimelineEntry[] {
  const what = { input: 'a message taken up', model: `model ${step.name}`, tool: `tool ${step.name}` }[step.kind]
  const subject = `${step.task}/${step.n}`
  const started: TimelineEntry = { at: step.startedAt, what: 'step.started', text: `Step ${step.n}: ${what}.`, subject }
  if (step.endedAt === null) return [started]
  const took = `${step.endedAt - step.startedAt} ms`
  const text =
    step.state === 'unknown'
      ? `Step ${step.n} was cut; nobody knows whether it took effect.`
      : `Step ${step.n} finished after ${took}.`
  return [started, { at: step.endedAt, what: 'step.finished', text, subject }]
}

function entriesOfDelivery(delivery: Delivery): TimelineEntry[] {
  const { id: subject, kind, part, state, createdAt, settledAt, nextAt, uncertainCount } = delivery
  const created: TimelineEntry = {
    at: createdAt,
    what: 'delivery.created',
    text: `Delivery ${part + 1} (${kind}) was written.`,
    subject,
  }
  const doubt = uncertainCount > 0 ? `, uncertain ${uncertainCount} times` : ''
  const reason = delivery.error === null || state === 'sent' ? '' : `: ${delivery.error.message}`
  const at = settledAt ?? nextAt
  if (at === null) return [created]
  return [
    created,
    { at, what: 'delivery.settled', text: `Delivery ${part + 1} is ${state}${doubt}${reason}.`, subject },
  ]
}
