/**
 * The connectors of a runtime, each on its own: it can be connected, stopped, and connected again or replaced by another
 * while everything else goes on.
 *
 * A connector is *connected* from when its `start` has resolved: its account is known, and what waits for it in the
 * database is sent. Stopped, its account goes first, so that nothing new is sent; then it takes nothing more in; when its
 * last send has ended it is closed. What is to be sent meanwhile waits, as it does after a start without it.
 */
import type { Clock } from './clock.ts'
import type { Connector, ConnectorHost } from './connector.ts'
import { AsyncvError, toErrorRecord } from './errors.ts'
import { createHost, type HostPorts } from './inbox/host.ts'
import { atMost, closeMs, start, unlessAborted } from './internal/abandoning.ts'
import { notStarted } from './life.ts'
import type { Logger } from './logger.ts'
import type { Account, Accounts } from './outbox/accounts.ts'
import type { Storage } from './storage.ts'

export interface ConnectionPorts extends Pick<HostPorts, 'inbox' | 'texts' | 'signal'> {
  storage: Pick<Storage, 'keepState' | 'connectorState' | 'openDestinations'>
  clock: Clock
  logger: Logger
  accounts: Accounts
  outbox: { wake(destination: string): void }
  /** Who answers what comes in over a connector, at this moment. */
  agentOf(connector: string): HostPorts['agent'] | undefined
  /** Takes the values of secrets out of a text that a platform wrote. */
  hide(text: string): string
  /** Repeats what the disk refuses until it takes it. */
  persist<Value>(write: () => Promise<Value>): Promise<Value>
  onBug(error: unknown): void
}

export interface ConnectOptions {
  /** Aborted when nobody waits any longer. */
  hurry: AbortSignal
  /** What it brings waits for this; when it rejects, so does its `accept`. Rejected before the connector is stopped. */
  admitted: Promise<void>
  /** Why it is not waited for any longer. Default: the runtime was stopped. */
  late?(name: string): AsyncvError
  /** Called when another connector has the account already, before this one is stopped. */
  refuse(): void
}

export interface Health {
  ok: boolean
  detail?: string
}

interface Connection {
  connector: Connector
  address: string
  account: Account
  /** Aborted when it takes nothing more in. */
  closed: AbortController
  /** Aborted when nothing of it runs any more. */
  over: AbortController
}

/**
 * Starts that nobody waited for any longer, until they have ended and were undone: begun again before that, a connector
 * would be stopped by the end of the one before, which may be that of an earlier run.
 */
const leftBehind = new WeakMap<Connector, Promise<void>>()

export class Connections {
  readonly #ports: ConnectionPorts
  readonly #open = new Map<string, Connection>()
  /** Where those that were stopped had their accounts: what is posted there waits for them. */
  readonly #stopped = new Map<string, Pick<Connection, 'connector' | 'address'> & { comesBack: boolean }>()
  /** Those that somebody has stopped while they were not connected. */
  readonly #unwanted = new Set<string>()
  /** Connectors whose last sends are still under way: they are started again only when those have ended. */
  readonly #closing = new Map<Connector, Promise<void>>()
  readonly #health = new Map<string, Health>()
  /** Why those that are not connected are not. */
  readonly #notes = new Map<string, string>()
  /** The one that is being started or stopped. */
  #moving: string | null = null

  constructor(ports: ConnectionPorts) {
    this.#ports = ports
  }

  get connected(): string[] {
    return [...this.#open.keys()]
  }

  has(name: string): boolean {
    return this.#open.has(name)
  }

  /** The one that is connected under a name; null when none is. */
  connector(name: string): Connector | null {
    return this.#open.get(name)?.connector ?? null
  }

  /** Whether somebody has stopped it, and nobody has started it since. */
  isStopped(name: string): boolean {
    return this.#unwanted.has(name) || this.#stopped.get(name)?.comesBack === false
  }

  /** Notes that somebody has stopped one that is not connected. */
  stay(name: string): void {
    this.#unwanted.add(name)
    this.note(name, 'It was stopped while it was not connected.')
  }

  /** The one that is waited for, since it is being started or stopped at this moment; null when none is. */
  get moving(): string | null {
    return this.#moving
  }

  /** What a connector says about its platform; null while it has said nothing, and once it is stopped. */
  healthOf(name: string): Health | null {
    const note = this.#notes.get(name)
    return this.#health.get(name) ?? (note === undefined ? null : { ok: false, detail: note })
  }

  /** Notes why one that should be connected is not, until it is. */
  note(name: string, why: string): void {
    this.#notes.set(name, this.#ports.hide(why))
  }

  /** The account of a connector that is connected, or was before it was stopped. */
  find(name: string): Pick<Connection, 'connector' | 'address'> | null {
    return this.#open.get(name) ?? this.#stopped.get(name) ?? null
  }

  /**
   * Connects it under a name that is free. Rejects with what the connector says, `not_running` when nobody waits any longer,
   * or `config_invalid` when another one has its account; then nothing of it runs.
   */
  connect(name: string, connector: Connector, options: ConnectOptions): Promise<void> {
    return this.#move(name, () => this.#connect(name, connector, options))
  }

  async #connect(name: string, connector: Connector, options: ConnectOptions): Promise<void> {
    const { accounts, logger } = this.#ports
    const { hurry, refuse, late = (late) => notStarted(`Connector "${late}"`) } = options
    const earlier = leftBehind.get(connector)
    if (earlier !== undefined) {
      // It may never end, and what waits behind this is not to wait for that.
      await unlessAborted(hurry, () => atMost(closeMs, this.#ports.clock, () => earlier)).catch(() => {
        throw hurry.aborted ? late(name) : notEnded(name)
      })
    }
    const closing = this.#closing.get(connector)
    if (closing !== undefined) {
      await unlessAborted(hurry, () => closing).catch(() => {
        throw late(name)
      })
    }
    const closed = new AbortController()
    const over = new AbortController()
    const host = this.#host(name, options.admitted, closed.signal, over.signal)
    if (hurry.aborted) throw late(name)
    const starting = start(() => connector.start(host))
    const { account: address } = await unlessAborted(hurry, () => starting).catch((error: unknown) => {
      closed.abort()
      over.abort()
      this.#health.delete(name)
      if (!hurry.aborted) throw error
      // Left behind, it may start after all, and nobody else would stop it then.
      const left = starting.then(() => this.#leave(connector)).catch(() => {})
      leftBehind.set(connector, left)
      void left.then(() => leftBehind.delete(connector))
      throw late(name)
    })
    const other = accounts.of(address)
    if (other !== null) {
      closed.abort()
      refuse()
      await this.#leave(connector)
      over.abort()
      this.#health.delete(name)
      throw new AsyncvError(
        'config_invalid',
        `Connector "${name}" is the same account (${address}) as "${other.name}".`,
        { hint: 'Remove one of the two: an account can be read by one connector only.' },
      )
    }
    this.forget(name)
    this.#open.set(name, { connector, address, account: accounts.add(address, name, connector), closed, over })
    logger.info({ connector: name, account: address }, 'connected')
  }

  /** Sends what waits for a connector in the database, as soon as that tells; nobody has to wait for it. */
  wake(name: string): void {
    const connection = this.#open.get(name)
    if (connection !== undefined) void this.#catchUp(connection).catch(this.#ports.onBug)
  }

  async #catchUp({ address, account }: Connection): Promise<void> {
    const { storage, outbox, persist } = this.#ports
    for (const destination of await persist(() => storage.openDestinations(address))) outbox.wake(destination)
    account.caughtUp = true
  }

  /**
   * Stops one that is connected; resolves when it takes nothing more in. Its last sends may still be under way. One that
   * fails to stop, or takes longer than `closeMs`, is logged and left behind. Given `why`, nobody has stopped it: it, or
   * another in its place, is connected again by itself, and until then that is told of it.
   */
  async disconnect(name: string, why?: string): Promise<void> {
    const connection = this.#open.get(name)
    if (connection !== undefined) await this.#move(name, () => this.#disconnect(name, connection, why))
  }

  async #disconnect(name: string, connection: Connection, why: string | undefined): Promise<void> {
    const { connector, address, account, closed, over } = connection
    const { accounts, clock, logger } = this.#ports
    this.#open.delete(name)
    this.#stopped.set(name, { connector, address, comesBack: why !== undefined })
    if (why !== undefined) this.#notes.set(name, why)
    accounts.remove(address)
    closed.abort()
    this.#health.delete(name)
    await atMost(closeMs, clock, () => connector.stop()).catch((error: unknown) => {
      logger.error({ connector: name, error: toErrorRecord(error) }, 'a connector did not stop')
    })
    logger.info({ connector: name, account: address }, 'disconnected')
    const closing = account
      .idle()
      .then(() => this.#close(connector).catch(() => {}))
      .then(() => over.abort())
    this.#closing.set(connector, closing)
    void closing.then(() => this.#closing.delete(connector))
  }

  /** Closes what one that is not connected has open, as after a test; one that fails is left behind. */
  async close(connector: Connector): Promise<void> {
    await this.#closing.get(connector)
    await this.#close(connector).catch(() => {})
  }

  /** A connector that is not configured any more is not one that was stopped. */
  forget(name: string): void {
    this.#stopped.delete(name)
    this.#unwanted.delete(name)
    this.#notes.delete(name)
  }

  /** Lets nothing more in, for good; sends go on. */
  async stopAll(): Promise<void> {
    await Promise.allSettled([...this.#open.values()].map(({ connector }) => start(() => connector.stop())))
  }

  /** After the last send. */
  async closeAll(): Promise<void> {
    const open = [...this.#open.values()].map(({ connector }) => this.#close(connector))
    const closing = [...this.#closing.values()].map((one) => atMost(closeMs, this.#ports.clock, () => one))
    await Promise.allSettled([...open, ...closing])
  }

  async #move(name: string, move: () => Promise<void>): Promise<void> {
    this.#moving = name
    try {
      await move()
    } finally {
      this.#moving = null
    }
  }

  #host(name: string, admitted: Promise<void>, closed: AbortSignal, over: AbortSignal): ConnectorHost {
    const { inbox, storage, clock, logger, signal, texts, agentOf, hide } = this.#ports
    const stopped = (): AsyncvError =>
      new AsyncvError('not_running', `Connector "${name}" is stopped; nothing was accepted.`, { retryable: true })
    const agent = (): HostPorts['agent'] => {
      const found = agentOf(name)
      if (found !== undefined) return found
      throw stopped()
    }
    return createHost({
      inbox,
      storage,
      clock,
      logger,
      signal: AbortSignal.any([signal, over]),
      recovered: admitted,
      checkOpen() {
        if (closed.aborted) throw stopped()
      },
      health: ({ ok, detail }) => {
        if (!closed.aborted) this.#health.set(name, detail === undefined ? { ok } : { ok, detail: hide(detail) })
      },
      get agent() {
        return agent()
      },
      texts,
    })
  }

  async #leave(connector: Connector): Promise<void> {
    await atMost(closeMs, this.#ports.clock, () => connector.stop()).catch(() => {})
    await this.#close(connector).catch(() => {})
  }

  #close(connector: Connector): Promise<void> {
    return atMost(closeMs, this.#ports.clock, () => connector.close?.())
  }
}

/** What a connector throws that is not ours is no bug of ours. */
export function startFailure(name: string, error: unknown): unknown {
  if (error instanceof AsyncvError) return error
  return new AsyncvError('connector_failed', `Connector "${name}" did not start: ${toErrorRecord(error).message}`, {
    hint: 'Try it: asyncv connectors test',
    cause: error,
  })
}

function notEnded(name: string): AsyncvError {
  return new AsyncvError('connector_failed', `An earlier start of connector "${name}" has not ended.`, {
    hint: 'Try again when it has; a start has to end when its signal is aborted. A restart of the process ends it, too.',
    retryable: true,
  })
}
