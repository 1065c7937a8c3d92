import { suggestion } from '../internal/nearest.ts'
import type { Route } from '../options.ts'
import type { RunnableAgent } from '../run/ports.ts'
import type { Report } from './report.ts'

interface GivenRoutes {
  routes: readonly Route[]
  connectors: ReadonlyMap<string, unknown>
  agents: ReadonlyMap<string, RunnableAgent>
  /** Also of agents that are themselves wrong, which are named elsewhere, once. */
  agentNames: readonly string[]
}

/** The agent of each connector: the one that its route names, or the only one there is. Paths begin at the list of routes. */
export function resolveRoutes(
  { routes: all, connectors, agents, agentNames }: GivenRoutes,
  report: Report,
): ReadonlyMap<string, RunnableAgent> {
  const routes = new Map<string, RunnableAgent>()
  const given = new Set<string>()
  for (const [index, { connector, agent }] of all.entries()) {
    const target = agents.get(agent)
    const known = connectors.has(connector)
    if (!known)
      report(
        `Route to "${agent}": unknown connector "${connector}".${suggestion(connector, [...connectors.keys()], 'connectors')}`,
        [index, 'connector'],
      )
    if (!agentNames.includes(agent))
      report(`Route from "${connector}": unknown agent "${agent}".${suggestion(agent, agentNames, 'agents')}`, [
        index,
        'agent',
      ])
    if (known && given.has(connector))
      report(`Connector "${connector}" has two routes; one agent answers a connector.`, [index, 'connector'])
    given.add(connector)
    if (target !== undefined) routes.set(connector, target)
  }
  const [only] = agents.values()
  for (const connector of connectors.keys()) {
    if (given.has(connector)) continue
    if (only !== undefined && agentNames.length === 1) routes.set(connector, only)
    else if (agentNames.length > 1)
      report(`Connector "${connector}" has no route; add { connector: "${connector}", agent: … } to routes.`, [])
  }
  return routes
}
