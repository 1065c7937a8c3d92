/** What is there between `start()` and `stop()`: the machinery, connected. Decides nothing; it hands each part its ports. */
import type { ResolvedOptions } from './config.ts'
import type { Connector } from './connector.ts'
import { AsyncvError, toErrorRecord } from './errors.ts'
import { EventFeed } from './event-feed.ts'
import type { AsyncvEvent } from './event.ts'
import { FileKeeper } from './files/keeper.ts'
import { createHost } from './inbox/host.ts'
import { Inbox } from './inbox/inbox.ts'
import { Replies } from './inbox/replies.ts'
import { aborted, atMost, closeMs, start, unlessAborted } from './internal/abandoning.ts'
import { deferred } from './internal/deferred.ts'
import { Lanes } from './lane/lanes.ts'
import { notStarted } from './life.ts'
import { Accounts } from './outbox/accounts.ts'
import { Outbox } from './outbox/outbox.ts'
import { attempt } from './run/attempt.ts'
import { CallFiles } from './run/call-files.ts'
import { LiveHub } from './run/live.ts'
import { persist } from './run/persist.ts'
import { TokenScale } from './run/tokens.ts'
import type { Storage } from './storage.ts'
import { Tally } from './tally.ts'
import { textsFor } from './texts.ts'

/** How long a stop in a hurry waits for the disk. ms. */
const lastWritesMs = 5_000

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
  readonly emit: (event: AsyncvEvent) => void
  /** Names of connectors that are connected. */
  readonly connected = new Set<string>()
  /** What connectors say about their platforms, by name. */
  readonly health = new Map<string, { ok: boolean; detail?: string }>()
  draining = false
  readonly #options: ResolvedOptions
  readonly #recovered = deferred<void>()
  /** Aborted when a stop waits no longer. */
  readonly #hurry = new AbortController()
  /** Aborted when nothing is written any more. */
  readonly #over = new AbortController()
  /** Timers of the stop. */
  readonly #cancels: (() => void)[] = []
  #stopped: Promise<void> | null = null

  constructor(options: ResolvedOptions, storage: Storage, observe: (event: AsyncvEvent) => void) {
    const { clock, logger } = options
    this.#options = options
    this.storage = storage
    this.feed = new EventFeed(storage, clock, options.events.keepMs)
    this.files = new FileKeeper(storage, clock, options.files)
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
      agents: options.agents,
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
  }

  /** Takes up what the last owner left, then lets the platforms in; waits for none of them once `hurry` is aborted. */
  async start(hurry: AbortSignal): Promise<void> {
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
    for (const [name, connector] of connectors) await this.#connect(name, connector, hurry)
    this.lanes.recover(lanes)
    for (const destination of destinations) this.outbox.wake(destination)
    this.#recovered.resolve()
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
    this.inbox.close()
    const open = [...this.#options.connectors].flatMap(([name, connector]) =>
      this.connected.has(name) ? [connector] : [],
    )
    const stopping = Promise.allSettled(open.map((connector) => connector.stop()))
    await Promise.race([stopping, aborted(this.#hurry.signal).catch(() => {})])
    await this.lanes.stop(this.#hurry.signal)
    const sent = this.outbox.stop()
    // What was begun since then has to be cut as well.
    if (this.#hurry.signal.aborted) this.outbox.cut()
    await sent
    for (const cancel of this.#cancels) cancel()
    this.feed.close()
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
    await Promise.allSettled(open.map((connector) => this.#closed(connector)))
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

  /** For a start that fails: a connector cannot stop while what it brought waits for the start's end. */
  #refuseArrivals(): void {
    this.#recovered.reject(
      new AsyncvError('not_running', 'This runtime did not start; nothing was accepted.', { retryable: true }),
    )
    this.#recovered.promise.catch(() => {}) // it may be that nobody waits
  }

  async #leave(connector: Connector): Promise<void> {
    await atMost(closeMs, this.#options.clock, () => connector.stop()).catch(() => {})
    await this.#closed(connector).catch(() => {})
  }

  #closed(connector: Connector): Promise<void> {
    return atMost(closeMs, this.#options.clock, () => connector.close?.())
  }

  async #connect(name: string, connector: Connector, hurry: AbortSignal): Promise<void> {
    const { clock, logger, routes, texts, vault } = this.#options
    const agent = routes.get(name)
    if (agent === undefined) throw new AsyncvError('internal', `Connector "${name}" has no route.`)
    const host = createHost({
      inbox: this.inbox,
      storage: this.storage,
      clock,
      logger,
      signal: this.#over.signal,
      recovered: this.#recovered.promise,
      health: ({ ok, detail }) =>
        void this.health.set(name, detail === undefined ? { ok } : { ok, detail: vault.hide(detail) }),
      agent,
      texts: (language) => textsFor(language, texts),
    })
    if (hurry.aborted) throw notStarted(`Connector "${name}"`)
    const starting = start(() => connector.start(host))
    const { account } = await unlessAborted(hurry, () => starting).catch((error: unknown) => {
      if (!hurry.aborted) throw error
      // Left behind, it may start after all, and nobody else would stop it then.
      starting.then(() => this.#leave(connector)).catch(() => {})
      throw notStarted(`Connector "${name}"`)
    })
    if (this.accounts.of(account) !== null) {
      this.#refuseArrivals()
      await this.#leave(connector)
      throw new AsyncvError('config_invalid', `Connector "${name}" is the same account (${account}) as another one.`, {
        hint: 'Remove one of the two: an account can be read by one connector only.',
      })
    }
    this.accounts.add(account, name, connector)
    this.connected.add(name)
    logger.info({ connector: name, account }, 'connected')
  }
}
