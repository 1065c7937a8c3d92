import type { Actor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Connector } from '../connector.ts'
import type { Runtime } from '../runtime.ts'

export interface Switched {
  name: string
  by: Actor
  clock: Clock
}

/**
 * Connects one that is configured, unless it is connected, and sends what waits for it. `configured` throws when there is
 * none; it is asked in turn, since a release may replace it or take it away before that.
 */
export function startConnector(
  runtime: Runtime,
  { name, configured, ...deed }: Switched & { configured(name: string): Connector },
): Promise<void> {
  const { connections, admitted, leaving } = runtime
  return runtime.inTurn({ what: 'start', name }, async () => {
    const connector = configured(name)
    if (connections.has(name)) return
    await connections.connect(name, connector, { hurry: leaving, admitted, refuse: () => {} })
    await writeDown(runtime, 'connector.started', { name, ...deed }).catch(async (error: unknown) => {
      // Nobody would know who has started it.
      await connections.disconnect(name)
      throw error
    })
    connections.wake(name)
  })
}

/** Stops one that is connected, or is being connected again; what is to be sent there waits. */
export function stopConnector(runtime: Runtime, deed: Switched): Promise<void> {
  const { connections, reconnecting } = runtime
  const { name } = deed
  return runtime.inTurn({ what: 'stop', name }, async () => {
    const isConnected = connections.has(name)
    if (!isConnected && !reconnecting.has(name)) return
    await writeDown(runtime, 'connector.stopped', deed)
    // Also of one that somebody has started meanwhile: it would be connected again.
    reconnecting.end(name)
    if (isConnected) await connections.disconnect(name)
    else connections.stay(name)
  })
}

/** After something was asked of one that may be stopped by now, or replaced. */
export function closeUnlessConnected(runtime: Runtime, name: string, connector: Connector): Promise<void> {
  const { connections } = runtime
  return runtime.inTurn({ what: 'test', name }, async () => {
    if (connections.connector(name) !== connector) await connections.close(connector)
  })
}

function writeDown(
  { storage }: Runtime,
  action: 'connector.started' | 'connector.stopped',
  { name, by, clock }: Switched,
): Promise<void> {
  const state = (connected: boolean) => ({ connector: name, connected })
  const started = action === 'connector.started'
  return storage.writeDown({
    at: clock.now(),
    by,
    action,
    target: name,
    before: state(!started),
    after: state(started),
  })
}
