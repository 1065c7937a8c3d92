/**
 * Where everything comes in. A message is written with its dedupe key and its task in one commit; who sent it may be
 * told once that commit is on disk, and what comes twice changes nothing.
 */
import type { Clock } from '../clock.ts'
import type { ConnectorState } from '../connector.ts'
import { AsyncvError } from '../errors.ts'
import type { AsyncvEvent } from '../event.ts'
import type { Lanes } from '../lane/lanes.ts'
import type { MessagePart } from '../message.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { defaultSpace, type Destination } from '../session.ts'
import type {
  AcceptOutcome,
  Arrival,
  ClaimedTask,
  CommandArrival,
  DedupeKey,
  Storage,
  TaskContext,
} from '../storage.ts'
import type { WhenBusy } from '../task.ts'
import type { Tally } from '../tally.ts'
import type { Replies } from './replies.ts'

export interface InboxPorts {
  storage: Pick<Storage, 'accept' | 'carryOut'>
  clock: Clock
  lanes: Lanes
  outbox: Outbox
  replies: Replies
  tally: Tally
  /** Tasks that may wait or run. */
  maxOpenTasks: number
  emit(event: AsyncvEvent): void
}

/** A message with everything known about it, whoever brought it. */
export interface Incoming {
  /** Chosen by the caller when somebody listens to the task before it is accepted. */
  task: string
  address: string
  agent: string
  dedupe: DedupeKey | null
  parts: readonly MessagePart[]
  whenBusy: WhenBusy
  destination: Destination | null
  context: TaskContext
  state: (ConnectorState & { account: string }) | null
}

export interface Taken {
  message: string
  /** The first one's, when it is a duplicate; null when that was a command. */
  task: string | null
  duplicate: boolean
  /** False when the dedupe key was used with another body. */
  sameBody: boolean
}

export interface IncomingCommand {
  name: string
  action: CommandArrival['action']
  address: string
  agent: string
  dedupe: DedupeKey
  parts: readonly MessagePart[]
  person: CommandArrival['person']
  notice: { text: string; destination: string }
  state: (ConnectorState & { account: string }) | null
}

export class Inbox {
  readonly #ports: InboxPorts
  /** Why nothing is taken in; null while it is. */
  #closed: 'stopped' | 'draining' | null = null
  /** Nobody is there to answer. */
  #held = false
  #arriving = 0
  /** Of these the messages for which there was room. */
  #entering = 0

  constructor(ports: InboxPorts) {
    this.#ports = ports
  }

  /** Nothing more is taken in: for good, or until `open`. */
  close(why: 'stopped' | 'draining' = 'stopped'): void {
    if (this.#closed !== 'stopped') this.#closed = why
  }

  /** After a drain. */
  open(): void {
    if (this.#closed === 'draining') this.#closed = null
  }

  /** Takes nothing in until `goOn`, also when a drain is undone meanwhile. */
  hold(): void {
    this.#held = true
  }

  goOn(): void {
    this.#held = false
  }

  /** Throws `not_running` while it is held: an agent that is not there now may be unknown to nobody else. */
  checkHeld(): void {
    if (!this.#held) return
    throw new AsyncvError('not_running', 'The release of this runtime cannot be applied; nothing was accepted.', {
      hint: 'Send it again later. Whoever operates the runtime sees at /readyz?verbose what is wrong.',
      retryable: true,
    })
  }

  /** What was let in and is not on disk yet: a drain that begins meanwhile has to wait for it. */
  get arriving(): number {
    return this.#arriving
  }

  async accept(incoming: Incoming): Promise<Taken> {
    const { storage, clock, lanes, tally, maxOpenTasks, emit } = this.#ports
    this.#checkOpen()
    // What is on its way to the disk counts as well: many may come in one turn of the event loop.
    const open = tally.open + this.#entering
    const full = open >= maxOpenTasks
    const at = clock.now()
    const { address, task, whenBusy } = incoming
    const message = clock.id()
    const place = full ? null : lanes.reserve(address)
    const ids = { message, session: clock.id() }
    const leave = this.#enter(!full)
    const outcome = await storage
      .accept(arrivalOf(incoming, ids, { claim: place !== null, full, at }))
      .catch((error: unknown) => {
        leave()
        place?.release()
        throw error
      })
    // Nothing is awaited from here to where its task is counted.
    leave()
    if (outcome.type === 'full') throw overloaded(open)
    if (outcome.type === 'duplicate') {
      place?.release()
      return this.#duplicate(outcome, at)
    }
    const { session, running } = outcome
    emit({ type: 'message.received', at, message, session, task, address })
    if (running && place !== null) {
      place.begin(newborn(incoming, { session, message }))
    } else {
      lanes.queued(address, session, whenBusy)
      place?.release()
    }
    return { message, task, duplicate: false, sameBody: true }
  }

  /** A message is on its way to the disk until the result is called. */
  #enter(hasRoom: boolean): () => void {
    const room = hasRoom ? 1 : 0
    this.#arriving++
    this.#entering += room
    return () => {
      this.#arriving--
      this.#entering -= room
    }
  }

  /** What became of a message that came before; null, and nothing is written, when it did not. Its parts do not matter. */
  async repeated(incoming: Omit<Incoming, 'parts'>): Promise<Taken | null> {
    const { storage, clock } = this.#ports
    this.#checkOpen()
    if (incoming.dedupe === null) return null
    const at = clock.now()
    const ids = { message: clock.id(), session: clock.id() }
    // What is full takes nothing in that is new.
    const arrival = arrivalOf({ ...incoming, parts: [] }, ids, { claim: false, full: true, at })
    const outcome = await storage.accept(arrival)
    return outcome.type === 'duplicate' ? this.#duplicate(outcome, at) : null
  }

  #duplicate({ message, task, session, sameBody }: AcceptOutcome & { type: 'duplicate' }, at: number): Taken {
    this.#ports.emit({ type: 'message.duplicated', at, message, session, task })
    return { message, task, duplicate: true, sameBody }
  }

  /** Carries a command out in the transaction that accepts it, past whatever waits in the lane. */
  async carryOut(command: IncomingCommand): Promise<{ message: string; duplicate: boolean }> {
    const { storage, clock, lanes, outbox, replies, emit } = this.#ports
    // Also when too much is waiting: a command is the way out of that.
    this.#checkOpen()
    const at = clock.now()
    const { address, agent, notice, name } = command
    const message = clock.id()
    this.#arriving++
    const outcome = await storage
      .carryOut({
        dedupe: command.dedupe,
        action: command.action,
        session: { id: clock.id(), address, agent, space: defaultSpace },
        message: { id: message, parts: command.parts },
        person: command.person,
        notice: {
          id: clock.id(),
          key: `notice/${message}`,
          task: null,
          message,
          part: 0,
          kind: 'notice',
          destination: notice.destination,
          body: [{ type: 'text', text: notice.text }],
          state: 'pending',
        },
        state: command.state,
        at,
      })
      .finally(() => this.#arriving--)
    if (outcome.type === 'duplicate') return { message: outcome.message, duplicate: true }
    const { session, cancelled, requested } = outcome
    for (const task of cancelled) {
      emit({ type: 'task.cancelled', at, task, session })
      replies.settle(task, { type: 'cancelled' })
    }
    for (const task of requested) lanes.cancel(task, true)
    emit({ type: 'command.carried-out', at, message, session, command: name, cancelled: [...cancelled, ...requested] })
    outbox.wake(notice.destination)
    return { message, duplicate: false }
  }

  #checkOpen(): void {
    this.checkHeld()
    if (this.#closed === null) return
    if (this.#closed === 'draining') {
      throw new AsyncvError('not_running', 'This runtime is being drained; nothing was accepted.', {
        hint: 'Send it again later, or to another one.',
        retryable: true,
      })
    }
    throw new AsyncvError('not_running', 'This runtime is not running; nothing was accepted.', {
      hint: 'Call start() first, or send again once it has started.',
      retryable: true,
    })
  }
}

function overloaded(open: number): AsyncvError {
  return new AsyncvError('overloaded', `${open} tasks are waiting or running; nothing was accepted.`, {
    hint: 'Send again later, or raise maxOpenTasks.',
    retryable: true,
  })
}

function arrivalOf(
  { dedupe, address, agent, parts, task, whenBusy, destination, context, state }: Incoming,
  ids: { message: string; session: string },
  decided: Pick<Arrival, 'claim' | 'full' | 'at'>,
): Arrival {
  return {
    dedupe,
    session: { id: ids.session, address, agent, space: context.space },
    message: { id: ids.message, parts },
    task: { id: task, agent, whenBusy, destination, context },
    state,
    ...decided,
  }
}

/** The task as it was claimed by the commit that accepted it. */
function newborn(incoming: Incoming, { session, message }: { session: string; message: string }): ClaimedTask {
  const { task, address, agent, destination, context, parts } = incoming
  return {
    id: task,
    session,
    address,
    agent,
    attempt: 1,
    crashes: 0,
    alone: false,
    destination,
    context,
    message: { id: message, parts: [...parts] },
    steps: [],
    draft: null,
    parts: 0,
    cancelRequested: false,
  }
}
