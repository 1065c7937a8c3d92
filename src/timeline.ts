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
  const entries = [
    received,
    ...tasks.flatMap(entriesOfTask),
    ...steps.flatMap(entriesOfStep),
    ...deliveries.flatMap(entriesOfDelivery),
  ]
  // What happened in one ms stays in the order in which things happen.
  return { ...trace, entries: entries.sort((a, b) => a.at - b.at) }
}

function entriesOfTask(task: Task): TimelineEntry[] {
  const { id: subject, startedAt, endedAt, into } = task
  const entries: TimelineEntry[] = []
  if (startedAt !== null) {
    const again = task.attempt > 1 ? ` (attempt ${task.attempt})` : ''
    entries.push({ at: startedAt, what: 'task.started', text: `Agent ${task.agent} began to answer${again}.`, subject })
  }
  if (endedAt === null) return entries
  if (into !== null) {
    entries.push({
      at: endedAt,
      what: 'task.absorbed',
      text: `Task ${into} took the message up and answers it.`,
      subject,
    })
    return entries
  }
  const { inputTokens, outputTokens } = task.usage
  const how =
    task.error === null
      ? `${task.state} (${inputTokens} tokens in, ${outputTokens} out)`
      : `${task.state}: ${task.error.message}`
  entries.push({ at: endedAt, what: 'task.ended', text: `The task ended: ${how}`, subject })
  return entries
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
