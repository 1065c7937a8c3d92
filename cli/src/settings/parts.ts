import type { ConnectorDefinition, ProviderDefinition } from 'asyncv'

/** Parts that a configuration can name by their type. */
const known = {
  provider: { openai: async () => (await import('@asyncv/openai')).openaiProvider },
  connector: { telegram: async () => (await import('@asyncv/telegram')).telegramConnector },
} satisfies Record<string, Record<string, () => Promise<ConnectorDefinition | ProviderDefinition>>>

/** All types there are, for suggestions. */
export const partTypes = {
  provider: Object.keys(known.provider),
  connector: Object.keys(known.connector),
}

/** Loads every one: for who wants to know what there is. */
export function allParts(): Promise<(ConnectorDefinition | ProviderDefinition)[]> {
  return Promise.all(Object.values(known).flatMap((parts) => Object.values(parts).map((load) => load())))
}

/** Loads those that a configuration names, and no others. */
export async function loadParts(config: unknown): Promise<(ConnectorDefinition | ProviderDefinition)[]> {
  const named = typesIn(config)
  const loads = Object.values(known).flatMap((parts) => Object.entries(parts))
  return Promise.all(loads.filter(([type]) => named.has(type)).map(([, load]) => load()))
}

/** The configuration is not checked yet, so it may be anything. */
function typesIn(config: unknown): Set<unknown> {
  const { providers, connectors } = Object(config) as { providers?: unknown; connectors?: unknown }
  const parts = [...Object.values(Object(providers)), ...Object.values(Object(connectors))]
  return new Set(parts.map((part) => (Object(part) as { type?: unknown }).type))
}
