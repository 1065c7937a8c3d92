import {
  type Actor,
  type Asyncv,
  AsyncvError,
  callerSession,
  type Receipted,
  type SendInput,
  type SendOptions,
  type StreamEvent,
  type Task,
} from 'asyncv'
import { CallerLeft } from '../caller-left.ts'
import { Problem } from '../problem.ts'
import { answering } from './answering.ts'
import type { Askers } from './askers.ts'
import { type AskOptions, type Caller, maxWaitMs } from './caller.ts'
import { limitedFiles } from './limited-files.ts'
import { actorOf, anonymous, operator, type Principal } from './principal.ts'
import { Sight, unknown } from './sight.ts'
import { type Revocations, type Watch, whileGood } from './revocations.ts'

/** The runtime as one principal may use it, as far as its scopes, its sight and the life of its key go. */
export class LimitedCaller implements Caller {
  readonly #asyncv: Asyncv
  readonly #principal: Principal
  readonly #sight: Sight
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
    this.#sight = new Sight(asyncv, principal)
    this.#revocations = shared.revocations
    this.#askers = shared.askers
    this.#onAccepted = shared.onAccepted
  }

  get files() {
    return limitedFiles(this.#asyncv.files, this.#principal, {
      need: (...scopes) => this.#sight.need(...scopes),
      whileGood: (bytes) => this.#bytesWhileGood(bytes),
    })
  }

  get isAnonymous() {
    return this.#principal === anonymous
  }

  get agents() {
    this.#sight.need('invoke', 'read')
    return this.#sight.agents
  }

  async accept(input: SendInput) {
    const accepted = await this.#asyncv.accept(this.#sight.own(input))
    if (accepted.duplicate) this.#askers.join(accepted.task)
    this.#onAccepted(accepted)
    return accepted
  }

  async send(input: SendInput, { signal: left, cancelOnAbort, ...options }: AskOptions = {}) {
    const own = this.#sight.own(input)
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
    const own = this.#sight.own(input)
    const watch = this.#watch(cancelOnAbort ? undefined : left)
    let leave = (): void => {}
    try {
      for await (const event of this.#asyncv.stream(own, withSignal(options, watch.signal))) {
        if (event.type === 'task.accepted') leave = this.#enter(event, cancelOnAbort ? left : undefined)
        // What was said before that may wait for somebody who reads slowly.
        if (watch.refusal !== null) throw watch.refusal
        yield event
        if (left?.aborted) return
      }
    } catch (error) {
      // Who has left hears of nothing, and so there is nothing to tell.
      if (left?.aborted) return
      throw watch.refusal ?? error
    } finally {
      leave()
      watch.leave()
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
    return answering(task, (id) => this.#sight.task(id))
  }

  async cancel(id: string) {
    this.#sight.need('invoke', 'operate')
    await this.#sight.task(id)
    // Written down where it is an operator's right, and not only the caller's own.
    return this.#asyncv.cancel(id, this.#principal.scopes.has('operate') ? this.#actor : undefined)
  }

  async retry(id: string) {
    this.#sight.need('operate')
    await this.#sight.task(id)
    return this.#asyncv.retry(id, this.#actor)
  }

  async events({ after, signal: left }: Parameters<Caller['events']>[0]) {
    this.#sight.need('read')
    // What others do is told for as long as who asks goes on listening; that begins before the first key.
    const watch = this.isAnonymous ? this.#revocations.watchKeyless(left) : this.#watch(left)
    const { signal } = watch
    const place = after === undefined ? {} : { after }
    // Who leaves before the first event never begins to read, and so never ends it.
    left?.addEventListener('abort', () => watch.leave(), { once: true })
    const asked = { ...place, ...this.#sight.within, ...(signal === undefined ? {} : { signal }) }
    const events = await this.#asyncv.events(asked).catch((error: unknown) => {
      watch.leave()
      throw error
    })
    return whileGood(events, watch)
  }

  async task(id: string) {
    this.#sight.need('invoke', 'read')
    return this.#sight.task(id)
  }

  async tasks(filter: Parameters<Caller['tasks']>[0] = {}) {
    this.#sight.need('read')
    return this.#asyncv.tasks({ ...filter, ...this.#sight.within })
  }

  async steps(task: string) {
    this.#sight.need('read')
    await this.#sight.task(task)
    return this.#asyncv.steps(task)
  }

  async timeline(message: string) {
    this.#sight.need('read')
    const timeline = await this.#asyncv.timeline(message)
    const { session } = timeline.message
    await this.#sight.session(session).catch((error: unknown) => {
      throw isUnknown(error) ? unknown('message', message) : error
    })
    return timeline
  }

  async session(id: string) {
    this.#sight.need('read')
    return this.#sight.session(id)
  }

  async sessions(filter: Parameters<Caller['sessions']>[0] = {}) {
    this.#sight.need('read')
    return this.#asyncv.sessions({ ...filter, ...this.#sight.within })
  }

  async messages(session: string, page: Parameters<Caller['messages']>[1] = {}) {
    this.#sight.need('read')
    await this.#sight.session(session)
    return this.#asyncv.messages(session, page)
  }

  async deliveries(filter: Parameters<Caller['deliveries']>[0] = {}) {
    this.#sight.need('read')
    return this.#asyncv.deliveries({ ...filter, ...this.#sight.within })
  }

  async retryDelivery(id: string) {
    this.#sight.need('operate')
    await this.#sight.delivery(id)
    return this.#asyncv.retryDelivery(id, this.#actor)
  }

  async discardDelivery(id: string) {
    this.#sight.need('operate')
    await this.#sight.delivery(id)
    return this.#asyncv.discardDelivery(id, this.#actor)
  }

  /** What the runtime as a whole says of itself. */
  async stats() {
    this.#sight.need('read', 'operate')
    return this.#asyncv.stats()
  }

  /** Whom the audit log names. */
  get #actor(): Actor {
    return actorOf(this.#principal)
  }

  #enter(accepted: Receipted, left: AbortSignal | undefined): () => void {
    this.#onAccepted(accepted)
    // One that has ended meanwhile cannot be cancelled, and need not be.
    const cancel = (): void => void this.#asyncv.cancel(accepted.task).catch(() => {})
    return this.#askers.enter(accepted, cancel, left)
  }

  #watch(left: AbortSignal | undefined): Watch {
    const { key } = this.#principal
    return this.#revocations.watch(this.#principal === operator ? null : key, left)
  }

  /** A file may be on its way for long. */
  async *#bytesWhileGood(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    yield* whileGood(bytes, this.isAnonymous ? this.#revocations.watchKeyless() : this.#watch(undefined))
  }

  async #whileGood<Result>(
    given: AbortSignal | undefined,
    wait: (signal: AbortSignal | undefined) => Promise<Result>,
  ): Promise<Result> {
    const watch = this.#watch(given)
    try {
      return await wait(watch.signal)
    } catch (error) {
      // What a signal is aborted with may be anything, also a text.
      if (given?.aborted && error === given.reason) throw new CallerLeft()
      throw watch.refusal ?? error
    } finally {
      watch.leave()
    }
  }
}

function withSignal(options: SendOptions, signal: AbortSignal | undefined): SendOptions {
  return signal === undefined ? options : { ...options, signal }
}

function isUnknown(error: unknown): boolean {
  return error instanceof AsyncvError && error.code.endsWith('_unknown')
}
