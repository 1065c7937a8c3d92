/**
 * The ports, with a call before and after everything that touches the outside: where a crash test kills the process.
 * Only wired in when a hook is given; the machinery knows nothing of it.
 */
import type { Connector } from './connector.ts'
import type { Parts } from './parts-in-force.ts'
import type { Provider } from './provider.ts'
import type { Storage } from './storage.ts'
import type { Tool } from './tool.ts'

export type Hook = (point: string) => void | Promise<void>

const verbs = [
  'recover',
  'accept',
  'carryOut',
  'keepState',
  'claim',
  'journal',
  'absorb',
  'finish',
  'handBack',
  'cancel',
  'retry',
  'post',
  'place',
  'take',
  'settle',
  'applyRelease',
] as const satisfies readonly (keyof Storage)[]

/** Every point a hook may be called at. Those of the driver's flush come from the storage itself. */
export const crashPoints: readonly string[] = [
  ...verbs.flatMap((verb) => [`storage.${verb}:before`, `storage.${verb}:after`]),
  'flush.begin',
  'flush.before-commit',
  'flush.after-commit',
  'provider.stream:before',
  'provider.stream:first',
  'provider.stream:after',
  'connector.post:before',
  'connector.post:after',
  'connector.edit:before',
  'connector.edit:after',
  'connector.typing:before',
  'connector.typing:after',
  'connector.accept:before',
  'connector.accept:after',
  'tool.run:before',
  'tool.run:after',
  'tool.reconcile:before',
  'release.received',
  'release.connected',
  'release.swapped',
  'release.acknowledge',
]

export function hookedStorage(storage: Storage, hook: Hook): Storage {
  const wrapped: Storage = { ...storage }
  for (const verb of verbs) {
    const call = storage[verb] as (...args: unknown[]) => Promise<unknown>
    const around = async (...args: unknown[]): Promise<unknown> => {
      await hook(`storage.${verb}:before`)
      const result = await call(...args)
      await hook(`storage.${verb}:after`)
      return result
    }
    Object.assign(wrapped, { [verb]: around })
  }
  return wrapped
}

export function hookedProvider(provider: Provider, hook: Hook): Provider {
  return {
    ...provider,
    async *stream(request, call) {
      await hook('provider.stream:before')
      let first = true
      for await (const event of provider.stream(request, call)) {
        if (first) await hook('provider.stream:first')
        first = false
        // Whoever reads this leaves with the last event, so what comes after it comes before it here.
        if (event.type === 'finish' || event.type === 'error') await hook('provider.stream:after')
        yield event
      }
    },
  }
}

export function hookedConnector(connector: Connector, hook: Hook): Connector {
  const { lookup, webhook, test, close } = connector
  return {
    type: connector.type,
    supports: connector.supports,
    start: (host) =>
      connector.start({
        ...host,
        async accept(inbound, options) {
          await hook('connector.accept:before')
          const accepted = await host.accept(inbound, options)
          await hook('connector.accept:after')
          return accepted
        },
      }),
    stop: () => connector.stop(),
    async send(operation, call) {
      await hook(`connector.${operation.type}:before`)
      const receipt = await connector.send(operation, call)
      await hook(`connector.${operation.type}:after`)
      return receipt
    },
    ...(lookup === undefined ? {} : { lookup: lookup.bind(connector) }),
    ...(webhook === undefined ? {} : { webhook: webhook.bind(connector) }),
    ...(test === undefined ? {} : { test: test.bind(connector) }),
    ...(close === undefined ? {} : { close: close.bind(connector) }),
  }
}

export function hookedTool(tool: Tool, hook: Hook): Tool {
  const { reconcile } = tool
  return {
    ...tool,
    async run(call) {
      await hook('tool.run:before')
      const result = await tool.run(call)
      await hook('tool.run:after')
      return result
    },
    reconcile:
      reconcile === null
        ? null
        : async (call) => {
            await hook('tool.reconcile:before')
            return reconcile(call)
          },
  }
}

/** Wraps the parts that are put in force, as a crash test needs them; without a hook they stay as they are. */
export function wrapOf(hook: Hook | undefined) {
  if (hook === undefined) {
    return { agents: (agents: Parts['agents']) => agents, connector: (connector: Connector) => connector }
  }
  return {
    agents: (agents: Parts['agents']): Parts['agents'] =>
      new Map(
        [...agents].map(([name, agent]) => [
          name,
          {
            ...agent,
            tools: agent.tools.map((tool) => hookedTool(tool, hook)),
            models: agent.models.map((model) => ({ ...model, provider: hookedProvider(model.provider, hook) })),
          },
        ]),
      ),
    connector: (connector: Connector) => hookedConnector(connector, hook),
  }
}
