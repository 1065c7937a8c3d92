/** What a release makes of a runtime: its parts, together with those of the program's own code. */
import { defineAgent } from '../agent.ts'
import { type Known, resolveAgent } from '../config/agents.ts'
import type { Report } from '../config/report.ts'
import type { ResolvedOptions } from '../config/resolve.ts'
import { resolveRoutes } from '../config/routes.ts'
import type { Connector } from '../connector.ts'
import { AsyncvError, type Problem } from '../errors.ts'
import { canonicalJson } from '../internal/canonical-json.ts'
import type { PlacedProblem } from '../internal/issue.ts'
import { pointerTo } from '../internal/pointer.ts'
import type { Route } from '../options.ts'
import { makePart, type PartDefinition, type PartKind, type PartSources } from '../part-making.ts'
import type { Parts } from '../parts-in-force.ts'
import type { Provider } from '../provider.ts'
import type { ReleaseGrants } from '../release-store.ts'
import type { RunnableAgent } from '../run/ports.ts'
import { documentProblems, type ReleaseDocument, releaseDocument } from '../schemas/release.ts'
import type { Vault } from '../vault/vault.ts'
import { Granting, secretProblems, type SecretRules, secretSources } from './secrets.ts'

/** What no release changes. */
export interface Code extends Pick<Parts, 'agents' | 'providers' | 'connectors'>, Pick<Known, 'tools' | 'prices'> {
  routes: readonly Route[]
}

export interface ComposePorts extends SecretRules {
  code: Code
  definitions: readonly PartDefinition[]
  prepare(document: ReleaseDocument): ReleaseDocument
  /** For crash tests: wraps what is made. */
  wrap: { agents(agents: Parts['agents']): Parts['agents']; connector(connector: Connector): Connector }
}

/** Parts that were made, and what of: another release that says the same of one keeps it as it is. */
export type Made = ReadonlyMap<string, { from: string; part: unknown }>

export interface Composed {
  parts: Parts
  made: Made
  /** What of it is new, and nobody has started. */
  fresh: readonly (Provider | Connector)[]
  /** What its secrets were let do. */
  grants: ReleaseGrants
}

export interface Refused {
  problems: Problem[]
  /** What was made all the same, and nobody has started. */
  fresh: readonly (Provider | Connector)[]
}

/** `made` are the parts in force. */
export function compose(document: unknown, made: Made, ports: ComposePorts): Composed | Refused {
  const wrong = documentProblems(document)
  if (wrong.length > 0) return { problems: wrong, fresh: [] }
  const release = releaseDocument.parse(document)
  const { code } = ports
  const problems: PlacedProblem[] = []
  const own = ownNames(release, code, problems)
  const now = new Map<string, { from: string; part: unknown }>()
  const fresh: (Provider | Connector)[] = []
  const granting = new Granting()
  const making = { before: made, now, fresh, ports, problems, granting }
  const providers = new Map([...code.providers, ...partsOf<Provider>('provider', release, making)])
  const connectors = new Map([...code.connectors, ...partsOf<Connector>('connector', release, making)])
  const agents = agentsOf(release, { ...code, providers }, code.agents, problems)
  const wrapped = ports.wrap.agents(agents)
  const routes = resolveRoutes(
    {
      routes: [...code.routes, ...release.routes],
      connectors,
      agents: wrapped,
      agentNames: [...code.agents.keys(), ...release.agents.map(({ name }) => name)],
    },
    (detail, [index, ...rest]) => {
      // Those of the code come first, and have no place in the document.
      const path = typeof index === 'number' ? [index - code.routes.length, ...rest] : []
      problems.push({ path: ['routes', ...path], detail })
    },
  )
  if (agents.size === 0) {
    const detail = 'brings messages that nobody answers: there is no agent. Add one.'
    for (const name of Object.keys(release.connectors)) problems.push({ path: ['connectors', name], detail })
  }
  if (problems.length + own.length > 0)
    return { problems: [...own, ...problems].map((problem) => pointed(problem, ports.vault)), fresh }
  return { parts: { agents: wrapped, providers, connectors, routes }, made: now, fresh, grants: granting.grants }
}

/** What a type says of its options may quote them. */
function pointed({ path, detail }: PlacedProblem, vault: Vault): Problem {
  return { pointer: pointerTo(path), detail: vault.hide(detail) }
}

/** Names that both the code and the release claim. */
function ownNames(release: ReleaseDocument, code: Code, problems: PlacedProblem[]): PlacedProblem[] {
  const claimed = (path: PlacedProblem['path'], kind: string, name: string): PlacedProblem => ({
    path,
    detail: `the ${kind} "${name}" is the code’s own, which no release changes. Use another name.`,
  })
  const seen = new Set<string>()
  for (const [index, { name }] of release.agents.entries()) {
    if (seen.has(name)) problems.push({ path: ['agents', index, 'name'], detail: `two agents are called "${name}".` })
    seen.add(name)
  }
  return [
    ...release.agents.flatMap(({ name }, index) =>
      code.agents.has(name) ? [claimed(['agents', index, 'name'], 'agent', name)] : [],
    ),
    ...Object.keys(release.providers).flatMap((name) =>
      code.providers.has(name) ? [claimed(['providers', name], 'provider', name)] : [],
    ),
    ...Object.keys(release.connectors).flatMap((name) =>
      code.connectors.has(name) ? [claimed(['connectors', name], 'connector', name)] : [],
    ),
    ...release.routes.flatMap(({ connector }, index) =>
      code.routes.some((route) => route.connector === connector)
        ? [claimed(['routes', index, 'connector'], 'route of connector', connector)]
        : [],
    ),
  ]
}

/** What a part was made of, for comparing. */
export function keyOf(kind: PartKind, name: string): string {
  return `${kind} ${name}`
}

export function fromOf(part: ReleaseDocument['connectors'][string]): string {
  return canonicalJson({ type: part.type, options: part.options })
}

interface Making {
  before: Made
  now: Map<string, { from: string; part: unknown }>
  fresh: (Provider | Connector)[]
  ports: ComposePorts
  problems: PlacedProblem[]
  granting: Granting
}

/** Made parts by their name; one whose type and options are as before is the one from before. */
function partsOf<Part>(
  kind: PartKind,
  release: ReleaseDocument,
  { before, now, fresh, ports, problems, granting }: Making,
): [string, Part][] {
  const list = `${kind}s` as const
  const prepared = ports.prepare(release)[list]
  const secrets = secretSources(ports, granting)
  return Object.entries(release[list]).map(([name, part]) => {
    const path = [list, name]
    const definition = ports.definitions.find((one) => one.kind === kind && one.type === part.type)
    const found: PlacedProblem[] = []
    if (definition !== undefined) found.push(...secretProblems(definition, part.options, [...path, 'options'], ports))
    const key = keyOf(kind, name)
    const from = fromOf(part)
    const known = before.get(key)
    const same = known?.from === from && definition !== undefined
    // Whether its secrets are there is looked at in either case.
    const definitions = same ? [{ ...definition, create: () => known.part as never }] : ports.definitions
    const sources: PartSources = { definitions, ...secrets }
    const made = makePart(kind, path, prepared[name] ?? part, sources, found)
    problems.push(...found)
    const whole = !same && kind === 'connector' && made !== null ? ports.wrap.connector(made as Connector) : made
    if (whole !== null) now.set(key, { from, part: whole })
    if (whole !== null && !same) fresh.push(whole as Provider | Connector)
    return [name, whole as Part]
  })
}

function agentsOf(
  release: ReleaseDocument,
  known: Known,
  code: Parts['agents'],
  problems: PlacedProblem[],
): Map<string, RunnableAgent> {
  const agents = new Map<string, RunnableAgent>()
  const report =
    (start: PlacedProblem['path']): Report =>
    (detail, path) =>
      void problems.push({ path: start.length === 0 ? [] : [...start, ...path], detail })
  // Their models may be on providers that come with the release.
  for (const [name, agent] of code) agents.set(name, resolveAgent(agent, known, report([])))
  for (const [index, { model, instructions, tools, whenBusy, limits, name }] of release.agents.entries()) {
    const path = ['agents', index]
    try {
      const agent = defineAgent({
        name,
        model,
        ...(instructions === undefined ? {} : { instructions }),
        ...(tools === undefined ? {} : { tools }),
        ...(whenBusy == null ? {} : { whenBusy }),
        ...(limits === undefined ? {} : { limits: given(limits) }),
      })
      agents.set(name, resolveAgent(agent, known, report(path)))
    } catch (error) {
      if (!(error instanceof AsyncvError)) throw error
      problems.push({ path, detail: error.message })
    }
  }
  return agents
}

function given<Fields extends object>(fields: Fields): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Fields]?: Exclude<Fields[Key], undefined>
  }
}

/** The part of the options that is code: all but what the operator's file says. */
export function codeOf(options: ResolvedOptions): Code {
  const { agents, providers, connectors, givenRoutes, tools, prices, releases } = options
  const file = releases?.file
  const without = <Value>(map: ReadonlyMap<string, Value>, names: readonly string[]): Map<string, Value> =>
    new Map([...map].filter(([name]) => !names.includes(name)))
  return {
    agents: without(agents, file?.agents.map(({ name }) => name) ?? []),
    providers: without(providers, Object.keys(file?.providers ?? {})),
    connectors: without(connectors, Object.keys(file?.connectors ?? {})),
    routes:
      file === undefined ? givenRoutes : givenRoutes.filter((route) => !file.routes.some((one) => isSame(one, route))),
    tools,
    prices,
  }
}

function isSame(one: Route, other: Route): boolean {
  return one.connector === other.connector && one.agent === other.agent
}

/** The parts that the operator's file has made, for a release that says the same of one. */
export function madeByFile({ releases, providers, connectors }: ResolvedOptions): Made {
  const { file } = releases ?? {}
  const of = (kind: PartKind, parts: ReleaseDocument['connectors'], all: ReadonlyMap<string, unknown>) =>
    Object.entries(parts).map(
      ([name, part]) => [keyOf(kind, name), { from: fromOf(part), part: all.get(name) }] as const,
    )
  if (file === undefined) return new Map()
  return new Map([...of('provider', file.providers, providers), ...of('connector', file.connectors, connectors)])
}
