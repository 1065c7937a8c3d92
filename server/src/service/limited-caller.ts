import {
  type Actor,
  type Asyncv,
  AsyncvError,
  callerSession,
  defaultSpace,
  type Receipted,
  type Scope,
  type SendInput,
  type SendOptions,
  type Session,
  type StreamEvent,
  type Task,
  type Within,
} from 'asyncv'
import { CallerLeft } from '../caller-left.ts'
import { Problem } from '../problem.ts'
import { answering } from './answering.ts'
import type { Askers } from './askers.ts'
import { invalid } from './authenticator.ts'
import { type AskOptions, type Caller, maxWaitMs } from './caller.ts'
import { limitedFiles } from './limited-files.ts'
import { actorOf, anonymous, operator, type Principal } from './principal.ts'
import { both, type Revocations, whileGood } from './revocations.ts'

/**
 * The runtime as one principal may use it. What belongs to another space, or to an agent that its key does not name, is
 * not there for it: a foreign id gets the same answer as one that nobody ever had.
 */
export class LimitedCaller implements Caller {
  readonly #asyncv: Asyncv
  readonly #principal: Principal
  readonly #revocations: Revocations
  readonly #askers: Askers
  readonly #onAccepted: (accepted: Receipted) => void

  /** `revocations` and `askers` are those of all callers of a service: who waits with which key, and for which task. */
  constructor(
    asyncv: Asyncv,
    principal: Principal,
    shared: { revocations: Revocations; askers: Askers; onAccepted(accepted: Receipted): void },
  ) {
    this.#asyncv = asyncv
    this.#principal = principal
    this.#revocations = shared.revocations
    this.#askers = shared.askers
    this.#onAccepted = shared.onAccepted
  }

  get files() {
    return limitedFiles(this.#asyncv.files, this.#principal, (...scopes) => this.#need(...scopes))
  }

  get isAnonymous() {
    return this.#principal === anonymous
  }

  get agents() {
    this.#need('invoke', 'read')
    return this.#asyncv.agents.filter(({ name }) => this.#mayUse(name))
  }

  async accept(input: SendInput) {
    const accepted = await this.#asyncv.accept(this.#own(input))
    if (accepted.duplicate) this.#askers.join(accepted.task)
    this.#onAccepted(accepted)
    return accepted
  }

  async send(input: SendInput, { signal: left, cancelOnAbort, ...options }: AskOptions = {}) {
    const own = this.#own(input)
    let leave = (): void => {}
    const onAccepted = (accepted: Receipted): void => {
      leave = this.#enter(accepted, cancelOnAbort ? left : undefined)
      options.onAccepted?.(accepted)
    }
    try {
      // Who cancels waits for the end that this brings.
      return await this.#whileGood(cancelOnAbort ? undefined : left, (signal) =>
        this.#asyncv.send(own, withSignal({ ...options, onAccepted }, signal)),
      )
    } finally {
      leave()
    }
  }

  async *stream(
    input: SendInput,
    { signal: left, cancelOnAbort, ...options }: AskOptions = {},
  ): AsyncGenerator<StreamEvent> {
    const own = this.#own(input)
    const watch = this.#watch()
    const stop = both(cancelOnAbort ? undefined : left, watch?.signal)
    let leave = (): void => {}
    try {
      for await (const event of this.#asyncv.stream(own, withSignal(options, stop))) {
        if (event.type === 'task.accepted') leave = this.#enter(event, cancelOnAbort ? left : undefined)
        yield event
        if (left?.aborted) return
      }
    } catch (error) {
      // Who has left hears of nothing, and so there is nothing to tell.
      if (left?.aborted) return
      throw watch?.signal.aborted ? invalid() : error
    } finally {
      leave()
      watch?.leave()
    }
  }

  async conversationOf(id: string) {
    const task = await this.task(id)
    const { address, agent, space } = await this.#asyncv.session(task.session)
    // A chat of a connector is no caller's to go on with.
    if (!address.startsWith('api:')) throw unknown('task', id)
    return { agent, space, session: callerSession(address) }
  }

  async ended(id: string, { waitMs, signal: left }: { waitMs: number; signal?: AbortSignal }) {
    const task = await this.task(id)
    if (waitMs <= 0 || (await this.answering(task)).endedAt !== null) return task
    this.#askers.join(id)
    const replyTimeoutMs = Math.min(waitMs, maxWaitMs)
    const wait = (signal: AbortSignal | undefined) => this.#asyncv.reply(id, withSignal({ replyTimeoutMs }, signal))
    await this.#whileGood(left, wait).catch((error: unknown) => {
      if (error instanceof Problem) throw error
      // However it ends, or whether: what became of it is in the task.
    })
    return this.#asyncv.task(id)
  }

  answering(task: Task) {
    return answering(task, (id) => this.#seenTask(id))
  }

  async cancel(id: string) {
    this.#need('invoke', 'operate')
    await this.#seenTask(id)
    // Written down where it is an operator's right, and not only the caller's own.
    return this.#asyncv.cancel(id, this.#principal.scopes.has('operate') ? this.#actor : undefined)
  }

  async retry(id: string) {
    this.#need('operate')
    await this.#seenTask(id)
    return this.#asyncv.retry(id, this.#actor)
  }

  async events({ after, signal: left }: Parameters<Caller['events']>[0]) {
    this.#need('read')
    const watch = this.#watch()
    const signal = both(left, watch?.signal)
    const place = after === undefined ? {} : { after }
    // Who leaves before the first event never begins to read, and so never ends it.
    left?.addEventListener('abort', () => watch?.leave(), { once: true })
    const asked = { ...place, ...this.#within(), ...(signal === undefined ? {} : { signal }) }
    const events = await this.#asyncv.events(asked).catch((error: unknown) => {
      watch?.leave()
      throw error
    })
    return whileGood(events, watch)
  }

  async task(id: string) {
    this.#need('invoke', 'read')
    return this.#seenTask(id)
  }

  async tasks(filter: Parameters<Caller['tasks']>[0] = {}) {
    this.#need('read')
    return this.#asyncv.tasks({ ...filter, ...this.#within() })
  }

  async steps(task: string) {
    this.#need('read')
    await this.#seenTask(task)
    return this.#asyncv.steps(task)
  }

  async timeline(message: string) {
    this.#need('read')
    const timeline = await this.#asyncv.timeline(message)
    const { session } = timeline.message
    await this.#seenSession(session).catch((error: unknown) => {
      throw isUnknown(error) ? unknown('message', message) : error
    })
    return timeline
  }

  async session(id: string) {
    this.#need('read')
    return this.#seenSession(id)
  }

  async sessions(filter: Parameters<Caller['sessions']>[0] = {}) {
    this.#need('read')
    return this.#asyncv.sessions({ ...filter, ...this.#within() })
  }

  async messages(session: string, page: Parameters<Caller['messages']>[1] = {}) {
    this.#need('read')
    await this.#seenSession(session)
    return this.#asyncv.messages(session, page)
  }

  async deliveries(filter: Parameters<Caller['deliveries']>[0] = {}) {
    this.#need('read')
    return this.#asyncv.deliveries({ ...filter, ...this.#within() })
  }

  async retryDelivery(id: string) {
    this.#need('operate')
    await this.#seenDelivery(id)
    return this.#asyncv.retryDelivery(id, this.#actor)
  }

  async discardDelivery(id: string) {
    this.#need('operate')
    await this.#seenDelivery(id)
    return this.#asyncv.discardDelivery(id, this.#actor)
  }

  /** What the runtime as a whole says of itself. */
  async stats() {
    this.#need('read', 'operate')
    return this.#asyncv.stats()
  }

  /** Whom the audit log names. */
  get #actor(): Actor {
    return actorOf(this.#principal)
  }

  /** Any one of the scopes will do. */
  #need(...wanted: Scope[]): void {
    if (wanted.some((scope) => this.#principal.scopes.has(scope))) return
    throw new Problem('scope_missing', `This needs the scope ${wanted.join(' or ')}.`, {
      hint: `Use a key made with --scopes ${wanted[0]}.`,
    })
  }

  /** A message of the principal's own space. An agent that is not for it is as unknown as one that is not there. */
  #own(input: SendInput): SendInput {
    this.#need('invoke')
    const space = this.#principal.space ?? input.space ?? defaultSpace
    // Who may use all of them is told by the runtime itself which there are.
    if (this.#principal.agents === null) return { ...input, space }
    const known = this.#asyncv.agents.map(({ name }) => name).filter((name) => this.#mayUse(name))
    if (known.includes(input.agent)) return { ...input, space }
    throw new AsyncvError('agent_unknown', `Unknown agent ${JSON.stringify(input.agent)}.`, {
      hint:
        known.length > 0
          ? `Known agents: ${known.join(', ')}.`
          : 'The key is for agents that there are not; make one without --agents, or with others.',
    })
  }

  #mayUse(agent: string): boolean {
    return this.#principal.agents?.includes(agent) ?? true
  }

  #within(): Within {
    const { space, agents } = this.#principal
    return { ...(space === null ? {} : { space }), ...(agents === null ? {} : { agents }) }
  }

  #sees({ space, agent }: Pick<Session, 'space' | 'agent'>): boolean {
    return (this.#principal.space ?? space) === space && this.#mayUse(agent)
  }

  async #seenSession(id: string): Promise<Session> {
    const session = await this.#asyncv.session(id)
    if (this.#sees(session)) return session
    throw unknown('session', id)
  }

  async #seenTask(id: string): Promise<Task> {
    const task = await this.#asyncv.task(id)
    if (this.#sees(task)) return task
    throw unknown('task', id)
  }

  async #seenDelivery(id: string): Promise<void> {
    const { task } = await this.#asyncv.delivery(id)
    const { space, agents } = this.#principal
    // What answers nobody was said in a chat of a connector.
    const seen =
      task === null
        ? (space ?? defaultSpace) === defaultSpace && agents === null
        : await this.#seenTask(task).then(
            () => true,
            () => false,
          )
    if (!seen) throw unknown('delivery', id)
  }

  #enter(accepted: Receipted, left: AbortSignal | undefined): () => void {
    this.#onAccepted(accepted)
    // One that has ended meanwhile cannot be cancelled, and need not be.
    const cancel = (): void => void this.#asyncv.cancel(accepted.task).catch(() => {})
    return this.#askers.enter(accepted, cancel, left)
  }

  /** Null for who has no key that could be revoked while they wait. */
  #watch(): ReturnType<Revocations['watch']> | null {
    const { key } = this.#principal
    return key === null || this.#principal === operator ? null : this.#revocations.watch(key)
  }

  async #whileGood<Result>(
    given: AbortSignal | undefined,
    wait: (signal: AbortSignal | undefined) => Promise<Result>,
  ): Promise<Result> {
    const watch = this.#watch()
    try {
      return await wait(both(given, watch?.signal))
    } catch (error) {
      // What a signal is aborted with may be anything, also a text.
      if (given?.aborted && error === given.reason) throw new CallerLeft()
      throw watch?.signal.aborted ? invalid() : error
    } finally {
      watch?.leave()
    }
  }
}

function withSignal(options: SendOptions, signal: AbortSignal | undefined): SendOptions {
  return signal === undefined ? options : { ...options, signal }
}

function isUnknown(error: unknown): boolean {
  return error instanceof AsyncvError && error.code.endsWith('_unknown')
}

/** In the words in which the runtime says it of an id that nobody ever had. */
function unknown(what: 'task' | 'session' | 'message' | 'delivery', id: string): AsyncvError {
  return new AsyncvError(`${what}_unknown`, `There is no ${what} ${JSON.stringify(id)}.`)
}
