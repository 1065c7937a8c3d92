/**
 * Connectors that were to be connected again and were not, as after a release that was refused: each is tried again, ever
 * less often, until it is connected, another takes its place, or somebody stops it.
 */
import type { Clock } from './clock.ts'
import type { Connections } from './connections.ts'
import type { Connector } from './connector.ts'
import { AsyncvError, toErrorRecord } from './errors.ts'
import { backoff } from './internal/backoff.ts'
import type { Logger } from './logger.ts'
import type { Doing } from './turns.ts'

/** ms */
const firstMs = 1_000
const longestMs = 5 * 60_000
/** How long one try may take: others who change what is connected wait for it. ms. */
const patienceMs = 30_000

export interface ReconnectPorts {
  clock: Clock
  logger: Logger
  connections: Pick<Connections, 'has' | 'connect' | 'wake' | 'note'>
  /** The one that is configured under a name at this moment. */
  configured(name: string): Connector | undefined
  /** In turn with all other changes to what is connected. */
  inTurn<Result>(doing: Doing, change: () => Promise<Result>): Promise<Result>
  /** Aborted when the runtime stops. */
  leaving: AbortSignal
  /** Resolved once messages are taken in. */
  admitted: Promise<void>
}

export class Reconnecting {
  readonly #ports: ReconnectPorts
  readonly #tried = new Map<string, Connector>()

  constructor(ports: ReconnectPorts) {
    this.#ports = ports
  }

  /** From now on it is tried again; `why` is what it said last. */
  begin(name: string, connector: Connector, why: string): void {
    this.#ports.connections.note(name, `${why} It is tried again.`)
    const goesOn = this.#tried.get(name) === connector
    this.#tried.set(name, connector)
    if (!goesOn) void this.#retry(name, connector).catch(() => {}) // the runtime stops
  }

  /** Whether it is being tried. */
  has(name: string): boolean {
    return this.#tried.has(name)
  }

  /** It is tried no more. */
  end(name: string): void {
    this.#tried.delete(name)
  }

  async #retry(name: string, connector: Connector): Promise<void> {
    const { clock, inTurn, leaving } = this.#ports
    for (let attempt = 1; this.#tried.get(name) === connector; attempt++) {
      await clock.sleep(backoff(attempt, firstMs, longestMs), leaving)
      await inTurn({ what: 'reconnect', name }, () => this.#try(name, connector))
    }
  }

  async #try(name: string, connector: Connector): Promise<void> {
    if (this.#tried.get(name) !== connector) return
    const { clock, logger, connections, configured, leaving, admitted } = this.#ports
    if (connections.has(name) || configured(name) !== connector) {
      this.end(name)
      return
    }
    const patience = new AbortController()
    const cancel = clock.after(patienceMs, () => patience.abort())
    const hurry = AbortSignal.any([leaving, patience.signal])
    try {
      await connections.connect(name, connector, { hurry, admitted, refuse: () => {}, late })
      this.end(name)
      connections.wake(name)
    } catch (error) {
      const record = toErrorRecord(error)
      connections.note(name, `${record.message} It is tried again.`)
      logger.warn({ connector: name, error: record }, 'a connector does not come back; it is tried again')
    } finally {
      cancel()
    }
  }
}

function late(name: string): AsyncvError {
  return new AsyncvError('connector_failed', `Connector "${name}" had not started within ${patienceMs / 1_000} s.`)
}
