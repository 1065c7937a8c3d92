/** What is there between `start()` and `stop()`: the machinery, connected. Decides nothing; it hands each part its ports. */
import type { ResolvedOptions } from './config/resolve.ts'
import type { Connector } from './connector.ts'
import { Connections, startFailure } from './connections.ts'
import { AsyncvError, toErrorRecord } from './errors.ts'
import { EventFeed } from './event-feed.ts'
import type { AsyncvEvent } from './event.ts'
import { FileKeeper } from './files/keeper.ts'
import { Inbox } from './inbox/inbox.ts'
import { Replies } from './inbox/replies.ts'
import { aborted } from './internal/abandoning.ts'
import { deferred } from './internal/deferred.ts'
import { Lanes } from './lane/lanes.ts'
import { Accounts } from './outbox/accounts.ts'
import { Drain } from './operate/drain.ts'
import { Outbox } from './outbox/outbox.ts'
import type { ConnectionChange } from './operating.ts'
import type { PartsInForce } from './parts-in-force.ts'
import { attempt } from './run/attempt.ts'
import { CallFiles } from './run/call-files.ts'
import { LiveHub } from './run/live.ts'
import { persist } from './run/persist.ts'
import { TokenScale } from './run/tokens.ts'
import { Reconnecting } from './reconnecting.ts'
import { Retention } from './retention.ts'
import type { Storage } from './storage.ts'
import { Tally } from './tally.ts'
import { textsFor } from './texts.ts'
import { type Doing, Turns } from './turns.ts'

/** How long a stop in a hurry waits for the disk. ms. */
const lastWritesMs = 5_000
/** A platform's pace holds sends up for less; what waits longer waits for another try. ms. */
const soonMs = 5_000

export class Runtime {
  readonly storage: Storage
  readonly inbox: Inbox
  readonly lanes: Lanes
  readonly outbox: Outbox
  readonly accounts = new Accounts()
  readonly replies = new Replies()
  readonly live = new LiveHub()
  readonly tally = new Tally()
  readonly feed: EventFeed
  readonly files: FileKeeper
  readonly #retention: Retention
  readonly emit: (event: AsyncvEvent) => void
  readonly connections: Connections
  readonly reconnecting: Reconnecting
  readonly drain: Drain
  readonly startedAt: number
  draining = false
  readonly #options: ResolvedOptions
  readonly #recovered = deferred<void>()
  /** Aborted when a stop waits no longer. */
  readonly #hurry = new AbortController()
  readonly #leaving = new AbortController()
  readonly #turns: Turns
  /** Aborted when nothing is written any more. */
  readonly #over = new AbortController()
  /** Timers of the stop. */
  readonly #cancels: (() => void)[] = []
  #stopped: Promise<void> | null = null

  constructor(
    options: ResolvedOptions & { inForce: PartsInForce },
    storage: Storage,
    observe: (event: AsyncvEvent) => void,
  ) {
    const { clock, logger } = options
    this.#options = options
    this.storage = storage
    this.startedAt = clock.now()
    this.#turns = new Turns(clock)
    this.feed = new EventFeed(storage, clock, options.events.keepMs)
    this.files = new FileKeeper(storage, clock, options.files)
    this.#retention = new Retention(storage, clock, options.retention, (error) =>
      logger.warn({ error: toErrorRecord(error) }, 'what is kept no more was not forgotten; it is tried again'),
    )
    this.emit = (event) => {
      this.tally.count(event)
      this.feed.hear()
      observe(event)
    }
    const keep = <Value>(write: () => Promise<Value>): Promise<Value> =>
      persist(write, {
        clock,
        signal: this.#over.signal,
        onFailure: (error) => this.emit({ type: 'storage.failed', at: clock.now(), error: error.toJSON() }),
      })
    const onBug = (error: unknown): void => {
      // Writes that were cut by the end of the runtime are taken up at the next start.
      if (!this.#over.signal.aborted) logger.error({ error: toErrorRecord(error) }, 'unexpected failure')
    }
    const shared = {
      storage,
      clock,
      emit: this.emit,
      persist: keep,
      onBug,
      accounts: this.accounts,
      replies: this.replies,
      hide: (text: string) => options.vault.hide(text),
    }
    this.outbox = new Outbox({ ...shared, options: options.outbox })
    const attemptPorts = {
      ...shared,
      parts: options.inForce,
      live: this.live,
      outbox: this.outbox,
      tokens: new TokenScale(),
      retry: options.modelCalls,
      files: new CallFiles(options.files.maxCallBytes, (part) => this.files.bytesOf(part)),
      texts: (language: string | null) => textsFor(language, options.texts),
    }
    this.lanes = new Lanes({
      ...shared,
      width: options.width,
      attempt: (task, lane) => attempt(task, lane, attemptPorts),
    })
    this.inbox = new Inbox({
      ...shared,
      lanes: this.lanes,
      outbox: this.outbox,
      tally: this.tally,
      maxOpenTasks: options.maxOpenTasks,
    })
    this.connections = new Connections({
      ...shared,
      logger,
      inbox: this.inbox,
      outbox: this.outbox,
      signal: this.#over.signal,
      agentOf: (connector) => options.routes.get(connector),
      texts: (language) => textsFor(language, options.texts),
    })
    this.reconnecting = new Reconnecting({
      clock,
      logger,
      connections: this.connections,
      configured: (name) => options.connectors.get(name),
      inTurn: (doing, change) => this.inTurn(doing, change),
      leaving: this.leaving,
      admitted: this.#recovered.promise,
    })
    this.drain = new Drain({
      clock,
      logger,
      admit: (open) => (open ? this.inbox.open() : this.inbox.close('draining')),
      busy: () => this.inbox.arriving + this.tally.open + this.outbox.busy(soonMs),
      left: async () => {
        const { tasks, deliveries } = await storage.counts()
        const { pending, sending, retrying, uncertain } = deliveries
        return { tasks: tasks.queued + tasks.running, deliveries: pending + sending + retrying + uncertain }
      },
    })
  }

  /** Takes nothing in and does nothing of what it has, until it may go on: who is to answer is not there. */
  hold(): void {
    this.inbox.hold()
    this.lanes.hold()
  }

  goOn(): void {
    this.inbox.goOn()
    this.lanes.goOn()
  }

  /** Takes up what the last owner left, then lets the platforms in; waits for none of them once `hurry` is aborted. */
  async start(hurry: AbortSignal, spares: (connector: string) => boolean = () => false): Promise<void> {
    const { clock, logger, connectors } = this.#options
    this.feed.open()
    this.files.open((error) =>
      logger.warn({ error: toErrorRecord(error) }, 'files that are kept no more were not removed'),
    )
    const recovered = await this.storage.recover(clock.now())
    const { interrupted, uncertain, lanes, destinations } = recovered
    this.tally.open = lanes.reduce((sum, { open }) => sum + open, 0)
    if (interrupted + uncertain + lanes.length + destinations.length > 0) {
      logger.info(
        { interrupted, uncertain, sessions: lanes.length, destinations: destinations.length },
        'work of an earlier run taken up',
      )
    }
    // Answers need to know their accounts, so connectors connect first; what arrives waits for what was there before.
    const admitted = this.#recovered.promise
    const refuse = (): void => this.#refuseArrivals()
    for (const [name, connector] of connectors) {
      if (spares(name)) await this.#try(name, connector, hurry)
      else {
        await this.connections.connect(name, connector, { hurry, admitted, refuse }).catch((error: unknown) => {
          throw startFailure(name, error)
        })
      }
    }
    this.lanes.recover(lanes)
    for (const destination of destinations) this.outbox.wake(destination)
    this.accounts.catchUp()
    this.#recovered.resolve()
    this.#retention.open()
  }

  /**
   * Takes nothing more in, drains for `drainMs`, hands the rest back. Called again, it is the same stop, which ends as
   * early as one of the calls wants.
   */
  stop(drainMs: number, signal: AbortSignal | undefined): Promise<void> {
    if (!this.#over.signal.aborted) {
      this.#cancels.push(this.#options.clock.after(drainMs, this.#hasten))
      if (signal?.aborted) this.#hasten()
      signal?.addEventListener('abort', this.#hasten, { once: true, signal: this.#over.signal })
    }
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    this.draining = true
    this.#refuseArrivals()
    this.#leaving.abort()
    this.drain.end()
    this.inbox.close()
    // A change under way ends by itself now that nothing is waited for; what it has connected is stopped as well.
    const stopped = this.#turns.over().then(() => this.connections.stopAll())
    await Promise.race([stopped, aborted(this.#hurry.signal).catch(() => {})])
    await this.lanes.stop(this.#hurry.signal)
    const sent = this.outbox.stop()
    // What was begun since then has to be cut as well.
    if (this.#hurry.signal.aborted) this.outbox.cut()
    await sent
    for (const cancel of this.#cancels) cancel()
    this.feed.close()
    await this.#retention.close()
    await this.files.close()
    this.#end()
    const gone = new AsyncvError(
      'not_running',
      'The runtime stopped before the answer was there; the task goes on at the next start.',
      {
        retryable: true,
      },
    )
    this.replies.abandon(gone)
    await this.connections.closeAll()
  }

  readonly #hasten = (): void => {
    if (this.#hurry.signal.aborted) return
    this.#hurry.abort()
    this.outbox.cut()
    // A disk that takes nothing would hold the stop for ever; what is not written is taken up at the next start.
    this.#cancels.push(this.#options.clock.after(lastWritesMs, () => this.#end()))
  }

  #end(): void {
    this.#over.abort(new AsyncvError('not_running', 'The runtime has stopped.'))
  }

  /** Changes to what is connected come one after the other, and none once the runtime stops. */
  inTurn<Result>(doing: Doing, change: () => Promise<Result>): Promise<Result> {
    return this.#turns.take(doing, async () => {
      if (!this.draining) return change()
      throw new AsyncvError('not_running', 'This runtime is stopping.', { retryable: true })
    })
  }

  /** The change to what is connected that is under way; null when none is. */
  get change(): ConnectionChange | null {
    return this.#turns.underWay(this.connections.moving)
  }

  /** Connects one that may fail: that is logged, and readiness tells. */
  async #try(name: string, connector: Connector, hurry: AbortSignal): Promise<void> {
    const gate = deferred<void>()
    this.#recovered.promise.then(gate.resolve, gate.reject)
    gate.promise.catch(() => {}) // it may be that nobody waits
    const refuse = (): void => gate.reject(new AsyncvError('not_running', 'Nothing was accepted.', { retryable: true }))
    try {
      await this.connections.connect(name, connector, { hurry, admitted: gate.promise, refuse })
    } catch (error) {
      if (hurry.aborted) throw error
      const record = toErrorRecord(error)
      this.connections.note(name, record.message)
      this.#options.logger.error({ connector: name, error: record }, 'a connector of the release did not start')
    }
  }

  /** Resolved once messages are taken in. */
  get admitted(): Promise<void> {
    return this.#recovered.promise
  }

  /** Aborted when the runtime begins to stop. */
  get leaving(): AbortSignal {
    return this.#leaving.signal
  }

  /** For a start that fails: a connector cannot stop while what it brought waits for the start's end. */
  #refuseArrivals(): void {
    this.#recovered.reject(
      new AsyncvError('not_running', 'This runtime did not start; nothing was accepted.', { retryable: true }),
    )
    this.#recovered.promise.catch(() => {}) // it may be that nobody waits
  }
}
