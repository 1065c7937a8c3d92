import type { ResolvedOptions } from '../config/resolve.ts'
import type { ConnectorStatus, Status } from '../operating.ts'
import type { Runtime } from '../runtime.ts'

type Parts = Pick<ResolvedOptions, 'connectors' | 'providers' | 'plugins' | 'agents' | 'routes' | 'prices'>

/** How a runtime is doing; null for one that does not run. */
export async function statusOf(runtime: Runtime | null, parts: Parts): Promise<Status> {
  const counts = (await runtime?.storage.counts()) ?? nothing
  return {
    startedAt: runtime?.startedAt ?? null,
    storage: runtime?.storage.driver ?? null,
    connectors: [...parts.connectors].map(([name, { type }]) => connectorOf(name, type, parts, runtime)),
    providers: [...parts.providers].map(([name, { type = null }]) => ({ name, type })),
    plugins: parts.plugins.map(({ name, definitions, tools }) => ({
      name,
      connectors: definitions.filter(({ kind }) => kind === 'connector').map(({ type }) => type),
      providers: definitions.filter(({ kind }) => kind === 'provider').map(({ type }) => type),
      tools: tools.map((tool) => tool.name),
    })),
    agents: [...parts.agents.keys()],
    prices: parts.prices,
    inbox: counts.tasks,
    outbox: counts.deliveries,
    uncertainSends: counts.uncertainSends,
    drain: (await runtime?.drain.state()) ?? { state: 'off', since: null, tasks: 0, deliveries: 0 },
    change: runtime?.change ?? null,
  }
}

function connectorOf(name: string, type: string, { routes }: Parts, runtime: Runtime | null): ConnectorStatus {
  const connections = runtime?.connections
  const connected = connections?.has(name) === true
  const { ok = true, detail = null } = connections?.healthOf(name) ?? {}
  return {
    name,
    type,
    state: connected ? 'connected' : connections?.isStopped(name) === true ? 'stopped' : 'away',
    account: connections?.find(name)?.address ?? null,
    agent: routes.get(name)?.name ?? null,
    ok: connected && ok,
    detail,
  }
}

const nothing = {
  tasks: { queued: 0, running: 0 },
  deliveries: { pending: 0, sending: 0, retrying: 0, uncertain: 0, held: 0, dead: 0 },
  uncertainSends: 0,
}
