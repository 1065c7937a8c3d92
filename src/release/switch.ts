/**
 * From the connectors in force to those of other parts, all or nothing. What leaves is stopped first: a connector that was
 * renamed, or has another option, is the same account at its platform, which only one of the two can read. What comes is
 * started then, and what it brings waits until the other parts are in force. If anything fails, what was started is stopped,
 * and what was stopped is started again.
 */
import type { Clock } from '../clock.ts'
import type { Connector } from '../connector.ts'
import type { ConnectOptions } from '../connections.ts'
import { toErrorRecord } from '../errors.ts'
import { deferred } from '../internal/deferred.ts'
import type { Logger } from '../logger.ts'
import type { Parts } from '../parts-in-force.ts'
import { AsyncvError } from '../errors.ts'

export interface SwitchPorts {
  connections: {
    has(name: string): boolean
    isStopped(name: string): boolean
    connect(name: string, connector: Connector, options: ConnectOptions): Promise<void>
    disconnect(name: string, why?: string): Promise<void>
    forget(name: string): void
    wake(name: string): void
  }
  logger: Logger
  clock: Pick<Clock, 'after'>
  /** Aborted when the connectors have had long enough to start, or the runtime stops. */
  hurry: AbortSignal
  /** Aborted when the runtime stops: nothing is put back then. */
  leaving: AbortSignal
  /** Why it is not waited for any longer. */
  late(name: string): AsyncvError
  /** For one that could not be put back, with what it said. */
  tryAgain(name: string, connector: Connector, why: string): void
  /** Takes the values of secrets out of a text that a platform wrote. */
  hide(text: string): string
  /** Resolved once the runtime takes messages in. */
  admitted: Promise<void>
}

export interface Changes {
  kept: string[]
  restarted: string[]
  started: string[]
  stopped: string[]
}

/** What becomes of each connector. */
export function changesOf(before: Parts['connectors'], after: Parts['connectors']): Changes {
  const names = [...new Set([...before.keys(), ...after.keys()])]
  const of = (holds: (was: Connector | undefined, is: Connector | undefined) => boolean): string[] =>
    names.filter((name) => holds(before.get(name), after.get(name)))
  return {
    kept: of((was, is) => was !== undefined && was === is),
    restarted: of((was, is) => was !== undefined && is !== undefined && was !== is),
    started: of((was) => was === undefined),
    stopped: of((_, is) => is === undefined),
  }
}

/**
 * Moves the connectors, then carries `commit` out, which puts the other parts in force, on disk and here, or rejects. Rejects
 * with what failed, everything being as before.
 */
export async function switchConnectors<Result>(
  before: Parts['connectors'],
  after: Parts['connectors'],
  commit: () => Promise<Result>,
  ports: SwitchPorts,
): Promise<Result> {
  const { connections, logger, hurry, late } = ports
  const { restarted, started, stopped } = changesOf(before, after)
  // One that somebody has stopped stays so, whatever its options are.
  const leaving = [...restarted, ...stopped].filter((name) => connections.has(name))
  const coming = [...restarted, ...started].filter((name) => !connections.isStopped(name))
  const gate = deferred<void>()
  gate.promise.catch(() => {}) // it may be that nobody waits
  const shut = (): void =>
    gate.reject(
      new AsyncvError('not_running', 'The release was not applied; nothing was accepted.', { retryable: true }),
    )
  const left: string[] = []
  const come: string[] = []
  let result: Result
  try {
    for (const name of leaving) {
      left.push(name)
      await connections.disconnect(name, 'a release is being put in force')
    }
    for (const name of coming) {
      const connector = after.get(name)
      if (connector === undefined) continue
      await connections
        .connect(name, connector, { hurry, late, admitted: gate.promise, refuse: shut })
        .catch((cause) => {
          throw ports.leaving.aborted ? late(name) : notStarted(name, cause, ports.hide)
        })
      come.push(name)
    }
    result = await commit()
  } catch (error) {
    shut()
    await putBack()
    throw error
  }
  gate.resolve()
  for (const name of stopped) connections.forget(name)
  for (const name of come) connections.wake(name)
  return result

  async function putBack(): Promise<void> {
    for (const name of come) {
      await connections.disconnect(name)
      connections.forget(name)
    }
    for (const name of left) {
      const connector = before.get(name)
      if (connector === undefined || ports.leaving.aborted) continue
      const patience = new AbortController()
      const cancel = ports.clock.after(putBackMs, () => patience.abort())
      try {
        const hurry = AbortSignal.any([ports.leaving, patience.signal])
        await connections.connect(name, connector, { hurry, late: notBack, admitted: ports.admitted, refuse: () => {} })
        connections.wake(name)
      } catch (error) {
        // Readiness tells, and `asyncv connectors start` tries it at once.
        connections.forget(name)
        ports.tryAgain(name, connector, toErrorRecord(error).message)
        logger.error({ connector: name, error: toErrorRecord(error) }, 'a connector could not be put back')
      } finally {
        cancel()
      }
    }
  }

  function notBack(name: string): AsyncvError {
    if (ports.leaving.aborted) return late(name)
    const message = `Connector "${name}" had not started again within ${putBackMs / 1_000} s.`
    return new AsyncvError('connector_failed', message, { hint: `Try it: asyncv connectors start ${name}` })
  }
}

/** How long a connector may take to be put back. ms. */
const putBackMs = 30_000

function notStarted(name: string, cause: unknown, hide: SwitchPorts['hide']): AsyncvError {
  const record = toErrorRecord(cause)
  const [message, hint] = [record.message, record.hint].map((text) => text && hide(text)) as [string, string?]
  return new AsyncvError('release_failed', `Connector "${name}" did not start: ${message}`, {
    ...(hint === undefined ? {} : { hint }),
    problems: [{ pointer: `/connectors/${name}`, detail: message }],
    cause,
  })
}
