import { type Actor, theProgram } from '../audit.ts'
import type { Asyncv } from '../api.ts'
import type { Deed } from '../audit-store.ts'
import type { ResolvedOptions } from '../config/resolve.ts'
import type { Connector } from '../connector.ts'
import { startFailure } from '../connections.ts'
import { AsyncvError } from '../errors.ts'
import type { PartsInForce } from '../parts-in-force.ts'
import type { Runtime } from '../runtime.ts'
import { hideInError } from '../vault/hide-error.ts'
import { closeUnlessConnected, startConnector, stopConnector } from './connectors.ts'
import { testPart } from './part-test.ts'

export interface OperationPorts {
  running(): Runtime
  options: ResolvedOptions
  inForce: PartsInForce
}

/** What operators do to a runtime and its parts while it runs; what changes something is written down. */
export function operations({
  running,
  options,
  inForce,
}: OperationPorts): Pick<Asyncv, 'connectors' | 'providers' | 'drain'> {
  const { clock, vault } = options
  const hide = (text: string): string => vault.hide(text)

  const configured = (name: string): Connector => {
    const connector = options.connectors.get(name)
    if (connector !== undefined) return connector
    throw new AsyncvError('connector_unknown', `There is no connector ${JSON.stringify(name)}.`, {
      hint: `Known connectors: ${[...options.connectors.keys()].join(', ') || 'none'}.`,
    })
  }

  /** The end of the last change to the drain: each is written down before it is done, and looks at what is so then. */
  let turn: Promise<unknown> = Promise.resolve()
  async function inOrder<Result>(change: (runtime: Runtime) => Promise<Result>): Promise<Result> {
    running()
    const next = turn.then(() => change(running()))
    turn = next.catch(() => {})
    return next
  }

  return {
    connectors: {
      start: async (name, by = theProgram) =>
        startConnector(running(), { name, configured, by, clock }).catch((error: unknown) => {
          throw startFailure(name, hideInError(error, hide))
        }),
      async stop(name, by = theProgram) {
        configured(name)
        await stopConnector(running(), { name, by, clock })
      },
      async test(name, signal) {
        const open = running()
        const connector = configured(name)
        const tested = await testPart(name, connector, { clock, hide }, signal)
        // Whoever stopped it closed what it had open, and nobody else would close what the test opened.
        await closeUnlessConnected(open, name, connector)
        return tested
      },
    },
    providers: {
      async test(name, signal) {
        running()
        const provider = options.providers.get(name)
        if (provider !== undefined) {
          // A release that replaces it meanwhile closes it afterwards.
          const use = inForce.begin()
          return testPart(name, provider, { clock, hide }, signal).finally(() => use.end())
        }
        throw new AsyncvError('provider_unknown', `There is no provider ${JSON.stringify(name)}.`, {
          hint: `Known providers: ${[...options.providers.keys()].join(', ')}.`,
        })
      },
    },
    drain: {
      begin: ({ notReadyMs = 0, by = theProgram } = {}) =>
        inOrder(async ({ drain, storage }) => {
          if (!drain.isOn) await storage.writeDown(drainDeed('drain.begun', by, clock.now()))
          drain.begin(notReadyMs)
          return drain.state()
        }),
      undo: (by = theProgram) =>
        inOrder(async ({ drain, storage }) => {
          if (drain.isOn) await storage.writeDown(drainDeed('drain.undone', by, clock.now()))
          drain.undo()
          return drain.state()
        }),
      state: async () => running().drain.state(),
      done: async (signal) => running().drain.done(signal),
    },
  }
}

function drainDeed(action: 'drain.begun' | 'drain.undone', by: Actor, at: number): Deed {
  const begun = action === 'drain.begun'
  return { at, by, action, target: 'runtime', before: { draining: !begun }, after: { draining: begun } }
}
