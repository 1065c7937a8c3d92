import type { Delivery, Message, Step, Task } from './types.ts'

/** What a runtime would tell, for tests of what pages make of it: whole, with what a test is about given. */

export function madeTask(given: Partial<Task> = {}): Task {
  return {
    id: 't',
    session: 's',
    agent: 'a',
    space: 'default',
    state: 'done',
    into: null,
    attempt: 1,
    crashes: 0,
    reply: null,
    error: null,
    usage: { inputTokens: 0, outputTokens: 0 },
    createdAt: 0,
    startedAt: 0,
    endedAt: 0,
    ...given,
  }
}

/** Done, unless it has no end. */
export function madeStep(n: number, kind: Step['kind'], startedAt: number, endedAt: number | null): Step {
  return {
    task: 't',
    n,
    kind,
    state: endedAt === null ? 'started' : 'done',
    attempt: 1,
    name: kind,
    effect: null,
    call: null,
    result: null,
    usage: { inputTokens: 0, outputTokens: 0 },
    startedAt,
    endedAt,
  }
}

export function madeDelivery(given: Partial<Delivery> = {}): Delivery {
  return {
    id: 'd',
    key: 't/0',
    task: 't',
    message: null,
    part: 0,
    kind: 'answer',
    destination: 'tg:1:2:-',
    seq: 1,
    target: null,
    body: [{ type: 'text', text: 'yes' }],
    state: 'sent',
    attempt: 1,
    nextAt: null,
    uncertainCount: 0,
    error: null,
    createdAt: 0,
    retriedAt: null,
    settledAt: null,
    ...given,
  }
}

export function madeMessage(id: string, receivedAt: number): Message {
  return {
    id,
    session: 's',
    seq: 1,
    parts: [{ type: 'text', text: id }],
    task: `task-${id}`,
    person: null,
    receivedAt,
  }
}
