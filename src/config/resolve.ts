/** Checks what `createAsyncv` was given and fills in every default, so that nobody below sees `undefined`. */
import { type Clock, systemClock } from '../clock.ts'
import type { Connector } from '../connector.ts'
import { AsyncvError } from '../errors.ts'
import { suggestion } from '../internal/nearest.ts'
import { type Logger, silentLogger } from '../logger.ts'
import { calculator } from '../offline/calculator.ts'
import { offline } from '../offline/provider.ts'
import { time } from '../offline/time.ts'
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
} from '../options.ts'
import { type Plugin, pluginProblem } from '../plugin.ts'
import type { Provider } from '../provider.ts'
import type { RunnableAgent } from '../run/ports.ts'
import { partName } from '../schemas/config.ts'
import type { Texts } from '../texts.ts'
import type { Tool } from '../tool.ts'
import { createVault, type Vault } from '../vault/vault.ts'
import { definedAgents, resolveAgent } from './agents.ts'
import {
  checkPrices,
  fileDefaults,
  modelCallDefaults,
  outboxDefaults,
  positive,
  resolveEvents,
  resolveRetention,
  withDefaults,
} from './limits.ts'
import type { Report } from './report.ts'
import { resolveRoutes } from './routes.ts'

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
