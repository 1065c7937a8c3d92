/** Checks what `createAsyncv` was given and fills in every default, so that nobody below sees `undefined`. */
import { type Agent, defineAgent } from './agent.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Connector } from './connector.ts'
import { AsyncvError } from './errors.ts'
import { type Logger, silentLogger } from './logger.ts'
import { calculator } from './offline/calculator.ts'
import { offline } from './offline/provider.ts'
import { time } from './offline/time.ts'
import type { AsyncvOptions, ModelCallOptions, OutboxOptions } from './options.ts'
import type { Provider } from './provider.ts'
import type { RunnableAgent } from './run/ports.ts'
import type { Texts } from './texts.ts'
import type { Tool } from './tool.ts'

export interface ResolvedOptions {
  agents: ReadonlyMap<string, RunnableAgent>
  providers: ReadonlyMap<string, Provider>
  connectors: ReadonlyMap<string, Connector>
  /** The agent that answers each connector. */
  routes: ReadonlyMap<string, RunnableAgent>
  width: number
  maxOpenTasks: number
  replyTimeoutMs: number
  outbox: Required<OutboxOptions>
  modelCalls: Required<ModelCallOptions>
  texts: Readonly<Record<string, Partial<Texts>>>
  logger: Logger
  clock: Clock
}

const outboxDefaults: Required<OutboxOptions> = {
  deliveryMaxAgeMs: 24 * 60 * 60_000,
  maxAttempts: 20,
  backoffMs: 1_000,
  maxBackoffMs: 300_000,
  sendTimeoutMs: 30_000,
  onUncertain: 'resend',
}

const modelCallDefaults: Required<ModelCallOptions> = { maxAttempts: 4, backoffMs: 500, maxBackoffMs: 30_000 }

/** Throws one `config_invalid` that lists all that is wrong. */
export function resolveOptions(options: AsyncvOptions): ResolvedOptions {
  const problems: string[] = []
  const providers = new Map(Object.entries({ offline: offline(), ...options.providers }))
  const connectors = new Map(Object.entries(options.connectors ?? {}))
  const tools = named('tool', [...(options.tools ?? []), ...missing(options.tools ?? [], [time, calculator])], problems)
  const agents = new Map<string, RunnableAgent>()
  for (const [name, agent] of named(
    'agent',
    options.agents.map((given) => defineAgent(given)),
    problems,
  )) {
    agents.set(name, resolveAgent(agent, providers, tools, problems))
  }
  if (agents.size === 0) problems.push('There is no agent; give at least one in agents.')
  const routes = resolveRoutes(options, connectors, agents, problems)
  const resolved: ResolvedOptions = {
    agents,
    providers,
    connectors,
    routes,
    width: positive('width', options.width ?? 64, problems),
    maxOpenTasks: positive('maxOpenTasks', options.maxOpenTasks ?? 10_000, problems),
    replyTimeoutMs: positive('replyTimeoutMs', options.replyTimeoutMs ?? 600_000, problems),
    outbox: withDefaults('outbox', outboxDefaults, options.outbox, problems),
    modelCalls: withDefaults('modelCalls', modelCallDefaults, options.modelCalls, problems),
    texts: options.texts ?? {},
    logger: options.logger ?? silentLogger,
    clock: options.clock ?? systemClock,
  }
  if (problems.length > 0)
    throw new AsyncvError('config_invalid', problems.join('\n'), { hint: 'Mend the configuration and start again.' })
  return Object.freeze(resolved)
}

function resolveAgent(
  agent: Agent,
  providers: ReadonlyMap<string, Provider>,
  known: ReadonlyMap<string, Tool>,
  problems: string[],
): RunnableAgent {
  const models = agent.model.flatMap((reference) => {
    const slash = reference.indexOf('/')
    const provider = providers.get(reference.slice(0, slash))
    if (provider !== undefined) return [{ reference, provider, model: reference.slice(slash + 1) }]
    problems.push(
      `Agent "${agent.name}": model "${reference}" names no provider. Known providers: ${[...providers.keys()].join(', ')}.`,
    )
    return []
  })
  const tools = agent.tools.flatMap((tool) => {
    if (typeof tool !== 'string') return [tool]
    const found = known.get(tool)
    if (found !== undefined) return [found]
    problems.push(`Agent "${agent.name}": unknown tool "${tool}". Known tools: ${[...known.keys()].join(', ')}.`)
    return []
  })
  named(`agent "${agent.name}": tool`, tools, problems)
  return { ...agent, tools, models }
}

function resolveRoutes(
  options: AsyncvOptions,
  connectors: ReadonlyMap<string, Connector>,
  agents: ReadonlyMap<string, RunnableAgent>,
  problems: string[],
): ReadonlyMap<string, RunnableAgent> {
  const routes = new Map<string, RunnableAgent>()
  for (const { connector, agent } of options.routes ?? []) {
    const target = agents.get(agent)
    if (!connectors.has(connector)) {
      problems.push(
        `Route to "${agent}": unknown connector "${connector}". Known connectors: ${[...connectors.keys()].join(', ') || 'none'}.`,
      )
    } else if (target === undefined) {
      problems.push(
        `Route from "${connector}": unknown agent "${agent}". Known agents: ${[...agents.keys()].join(', ')}.`,
      )
    } else if (routes.has(connector)) {
      problems.push(`Connector "${connector}" has two routes; one agent answers a connector.`)
    } else {
      routes.set(connector, target)
    }
  }
  const [only, ...others] = agents.values()
  for (const connector of connectors.keys()) {
    if (routes.has(connector) || (options.routes ?? []).some((route) => route.connector === connector)) continue
    if (only !== undefined && others.length === 0) routes.set(connector, only)
    else problems.push(`Connector "${connector}" has no route; add { connector: "${connector}", agent: … } to routes.`)
  }
  return routes
}

function named<Named extends { readonly name: string }>(
  kind: string,
  list: readonly Named[],
  problems: string[],
): Map<string, Named> {
  const found = new Map<string, Named>()
  for (const item of list) {
    if (found.has(item.name)) problems.push(`Two of the same name: ${kind} "${item.name}". Rename one.`)
    found.set(item.name, item)
  }
  return found
}

/** Built-in tools, unless the program has its own of that name. */
function missing(given: readonly Tool[], builtIn: readonly Tool[]): Tool[] {
  return builtIn.filter(({ name }) => !given.some((tool) => tool.name === name))
}

function positive(name: string, value: number, problems: string[]): number {
  if (!Number.isInteger(value) || value < 1)
    problems.push(`${name} is ${JSON.stringify(value)}; give a whole number from 1 up.`)
  return value
}

function withDefaults<Options extends object>(
  name: string,
  defaults: Options,
  given: Partial<Options> = {},
  problems: string[],
): Options {
  for (const key of Object.keys(given)) {
    if (!(key in defaults)) problems.push(`Unknown option ${name}.${key}. Known: ${Object.keys(defaults).join(', ')}.`)
  }
  const set = Object.entries(given).filter(([, value]) => value !== undefined)
  return { ...defaults, ...Object.fromEntries(set) }
}
