/** Checks what `createAsyncv` was given and fills in every default, so that nobody below sees `undefined`. */
import { type Agent, defineAgent } from './agent.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Connector } from './connector.ts'
import { AsyncvError } from './errors.ts'
import { suggestion } from './internal/nearest.ts'
import { type Logger, silentLogger } from './logger.ts'
import { calculator } from './offline/calculator.ts'
import { offline } from './offline/provider.ts'
import { time } from './offline/time.ts'
import type {
  AsyncvOptions,
  EventOptions,
  FileOptions,
  ModelCallOptions,
  OutboxOptions,
  Price,
  ReleaseOptions,
  RetentionOptions,
  Route,
} from './options.ts'
import { type Plugin, pluginProblem } from './plugin.ts'
import type { Provider } from './provider.ts'
import type { RunnableAgent } from './run/ports.ts'
import { partName } from './schemas/config.ts'
import type { Texts } from './texts.ts'
import type { Tool } from './tool.ts'
import { createVault, type Vault } from './vault/vault.ts'

export interface ResolvedOptions {
  agents: ReadonlyMap<string, RunnableAgent>
  providers: ReadonlyMap<string, Provider>
  connectors: ReadonlyMap<string, Connector>
  plugins: readonly Plugin[]
  /** What agents may name. */
  tools: ReadonlyMap<string, Tool>
  /** The agent that answers each connector. */
  routes: ReadonlyMap<string, RunnableAgent>
  /** Those that were written down. */
  givenRoutes: readonly Route[]
  prices: Readonly<Record<string, Price>>
  releases: ReleaseOptions | null
  width: number
  maxOpenTasks: number
  replyTimeoutMs: number
  outbox: Required<OutboxOptions>
  modelCalls: Required<ModelCallOptions>
  events: Required<EventOptions>
  files: Required<FileOptions>
  retention: Required<RetentionOptions>
  texts: Readonly<Record<string, Partial<Texts>>>
  vault: Vault
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

const fileDefaults: Required<FileOptions> = {
  maxBytes: 25 * 1_048_576,
  maxTotalBytes: 10 * 1_073_741_824,
  maxCallBytes: 30 * 1_048_576,
  keepMs: 30 * 24 * 60 * 60_000,
}

/** Every option there is; the compiler asks for a new one here. */
const known: Record<keyof AsyncvOptions, true> = {
  agents: true,
  providers: true,
  connectors: true,
  routes: true,
  tools: true,
  plugins: true,
  definitions: true,
  storage: true,
  width: true,
  maxOpenTasks: true,
  replyTimeoutMs: true,
  outbox: true,
  modelCalls: true,
  events: true,
  prices: true,
  files: true,
  retention: true,
  texts: true,
  releases: true,
  logger: true,
  vault: true,
  clock: true,
  hook: true,
}

/** Throws one `config_invalid` that lists all that is wrong. */
export function resolveOptions(options: AsyncvOptions): ResolvedOptions {
  const problems: string[] = []
  const resolved = checkOptions(options, problems)
  if (problems.length > 0)
    throw new AsyncvError('config_invalid', problems.join('\n'), { hint: 'Mend the configuration and start again.' })
  return Object.freeze(resolved)
}

/** Adds a sentence to `problems` for each thing that is wrong; what it returns is usable only when there are none. */
export function checkOptions(options: AsyncvOptions, problems: string[]): ResolvedOptions {
  const report: Report = (problem) => void problems.push(problem)
  for (const key of Object.keys(options)) {
    if (!(key in known)) problems.push(`Unknown option ${key}.${suggestion(key, Object.keys(known))}`)
  }
  const providers = new Map(Object.entries({ offline: offline(), ...options.providers }))
  const connectors = new Map(Object.entries(options.connectors ?? {}))
  for (const name of providers.keys()) checkName('provider', name, problems)
  for (const name of connectors.keys()) checkName('connector', name, problems)
  const plugins = [...named('plugin', soundPlugins(options.plugins ?? [], problems), problems).values()]
  const given = [...(options.tools ?? []), ...plugins.flatMap((plugin) => plugin.tools)]
  const tools = named('tool', [...given, ...missing(given, [time, calculator])], problems)
  const prices = checkPrices(options.prices, problems)
  const agents = new Map<string, RunnableAgent>()
  for (const [name, agent] of named('agent', definedAgents(options.agents ?? [], problems), problems)) {
    agents.set(name, resolveAgent(agent, { providers, tools, prices }, report))
  }
  const vault = options.vault ?? createVault()
  // A release may bring the first one.
  const mayCome = options.releases !== undefined
  if ((options.agents ?? []).length === 0 && !mayCome) problems.push('There is no agent; give at least one in agents.')
  return {
    agents,
    providers,
    connectors,
    plugins,
    tools,
    routes: resolveRoutes(
      { routes: options.routes ?? [], connectors, agents, agentNames: (options.agents ?? []).map(({ name }) => name) },
      report,
    ),
    givenRoutes: options.routes ?? [],
    prices,
    width: positive('width', options.width ?? 64, problems),
    maxOpenTasks: positive('maxOpenTasks', options.maxOpenTasks ?? 10_000, problems),
    replyTimeoutMs: positive('replyTimeoutMs', options.replyTimeoutMs ?? 600_000, problems),
    outbox: withDefaults('outbox', outboxDefaults, options.outbox, problems),
    modelCalls: withDefaults('modelCalls', modelCallDefaults, options.modelCalls, problems),
    files: withDefaults('files', fileDefaults, options.files, problems),
    events: resolveEvents(options.events, problems),
    retention: resolveRetention(options.retention, problems),
    texts: options.texts ?? {},
    releases: options.releases ?? null,
    vault,
    logger: vault.logger(options.logger ?? silentLogger),
    clock: options.clock ?? systemClock,
  }
}

/** What the runtime does where nothing is said, by the names of the options. */
export function optionDefaults() {
  const all = resolveOptions({ agents: [{ name: 'any', model: 'offline/demo' }] })
  const { width, maxOpenTasks, replyTimeoutMs, outbox, modelCalls, files, events, retention } = all
  return { width, maxOpenTasks, replyTimeoutMs, outbox, modelCalls, files, events, retention }
}

function soundPlugins(given: readonly Plugin[], problems: string[]): Plugin[] {
  return given.filter((plugin, index) => {
    const problem = pluginProblem(`plugins[${index}]`, plugin)
    if (problem !== null) problems.push(problem)
    return problem === null
  })
}

function definedAgents(given: AsyncvOptions['agents'], problems: string[]): Agent[] {
  return given.flatMap((options) => {
    try {
      return [defineAgent(options)]
    } catch (error) {
      if (!(error instanceof AsyncvError)) throw error
      problems.push([error.message, error.hint].filter((text) => text !== undefined).join(' '))
      return []
    }
  })
}

/** Hears what is wrong, and where below the value that was handed in. */
export type Report = (problem: string, path: readonly (string | number)[]) => void

/** What agents may name. */
export interface Known {
  providers: ReadonlyMap<string, Provider>
  tools: ReadonlyMap<string, Tool>
  prices: Readonly<Record<string, Price>>
}

/** An agent with its references resolved; those that lead nowhere are left out, and reported. */
export function resolveAgent(
  agent: Pick<Agent, 'name' | 'model' | 'tools'> & Omit<RunnableAgent, 'tools' | 'models'>,
  { providers, tools: known, prices }: Known,
  report: Report,
): RunnableAgent {
  const models = agent.model.flatMap((reference, index) => {
    const slash = reference.indexOf('/')
    const name = reference.slice(0, slash)
    const provider = providers.get(name)
    const price = prices[reference] ?? null
    if (provider !== undefined) return [{ reference, provider, model: reference.slice(slash + 1), price }]
    report(
      `Agent "${agent.name}": model "${reference}" names no provider.${suggestion(name, [...providers.keys()], 'providers')}`,
      ['model', index],
    )
    return []
  })
  const tools = agent.tools.flatMap((tool, index) => {
    if (typeof tool !== 'string') return [tool]
    const found = known.get(tool)
    if (found !== undefined) return [found]
    report(`Agent "${agent.name}": unknown tool "${tool}".${suggestion(tool, [...known.keys()], 'tools')}`, [
      'tools',
      index,
    ])
    return []
  })
  for (const [index, { name }] of tools.entries()) {
    if (tools.findIndex((tool) => tool.name === name) === index) continue
    report(`Two of the same name: agent "${agent.name}": tool "${name}". Rename one.`, ['tools', index])
  }
  return { ...agent, tools, models }
}

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

function checkPrices(prices: AsyncvOptions['prices'] = {}, problems: string[]): Readonly<Record<string, Price>> {
  for (const [reference, { input, output }] of Object.entries(prices)) {
    if ([input, output].every((price) => Number.isFinite(price) && price >= 0)) continue
    problems.push(`prices["${reference}"] is ${JSON.stringify({ input, output })}; give what a million tokens cost.`)
  }
  return prices
}

/** A provider's name begins model references, so a "/" in it would cut them elsewhere; the log and the API show both. */
function checkName(kind: 'provider' | 'connector', name: string, problems: string[]): void {
  if (partName.test(name)) return
  problems.push(`The ${kind} name ${JSON.stringify(name)} is not usable. Use 1 to 64 letters, digits, "_" or "-".`)
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

function positive(name: string, value: unknown, problems: string[]): number {
  if (!Number.isInteger(value) || Number(value) < 1)
    problems.push(`${name} is ${JSON.stringify(value)}; give a whole number from 1 up.`)
  return Number(value)
}

/** Unlike the others it may be 0, for "not at all". */
function resolveEvents(given: EventOptions = {}, problems: string[]): Required<EventOptions> {
  const { keepMs = 0, ...unknown } = given
  for (const key of Object.keys(unknown)) problems.push(`Unknown option events.${key}.${suggestion(key, ['keepMs'])}`)
  if (!Number.isInteger(keepMs) || keepMs < 0)
    problems.push(`events.keepMs is ${JSON.stringify(keepMs)}; give a whole number from 0 up.`)
  return { keepMs }
}

/** Platforms try again for days, and a key that is forgotten answers a message twice. ms. */
const leastDedupeMs = 7 * 24 * 60 * 60_000

function resolveRetention(given: RetentionOptions = {}, problems: string[]): Required<RetentionOptions> {
  const { conversationsMs = 0, dedupeMs = 30 * 24 * 60 * 60_000, ...unknown } = given
  for (const key of Object.keys(unknown)) {
    problems.push(`Unknown option retention.${key}.${suggestion(key, ['conversationsMs', 'dedupeMs'])}`)
  }
  if (!Number.isInteger(conversationsMs) || conversationsMs < 0)
    problems.push(
      `retention.conversationsMs is ${JSON.stringify(conversationsMs)}; give a whole number from 1 up, or 0 to keep them for good.`,
    )
  if (!Number.isInteger(dedupeMs) || dedupeMs < leastDedupeMs)
    problems.push(
      `retention.dedupeMs is ${JSON.stringify(dedupeMs)}; give a whole number from ${leastDedupeMs} (7 days) up.`,
    )
  return { conversationsMs, dedupeMs }
}

function withDefaults<Options extends object>(
  name: string,
  defaults: Options,
  given: Partial<Options> = {},
  problems: string[],
): Options {
  const set = Object.entries(given).filter(([, value]) => value !== undefined)
  for (const [key, value] of set) {
    if (!(key in defaults)) problems.push(`Unknown option ${name}.${key}.${suggestion(key, Object.keys(defaults))}`)
    else if (key === 'onUncertain') checkOnUncertain(value, problems)
    else positive(`${name}.${key}`, value, problems)
  }
  return { ...defaults, ...Object.fromEntries(set) }
}

function checkOnUncertain(value: unknown, problems: string[]): void {
  if (value === 'resend' || value === 'hold') return
  problems.push(`outbox.onUncertain is ${JSON.stringify(value)}; give "resend" or "hold".`)
}
