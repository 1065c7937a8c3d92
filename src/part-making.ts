/**
 * Makes connectors and providers from what a configuration says of them: `{ "type": …, "options": … }`. A file of the operator
 * and a release both go through here; what a secret's name stands for, each of them says itself.
 */
import type { ConnectorDefinition, ProviderDefinition } from './definition.ts'
import { AsyncvError, toErrorRecord } from './errors.ts'
import { issueProblems, type PlacedProblem } from './internal/issue.ts'
import { suggestion } from './internal/nearest.ts'
import { deepestOption, isObject, isPlainObject, type Path, secretName } from './internal/part-options.ts'
import { namedPart } from './schemas/config.ts'
import { Secret } from './secret.ts'

export type PartDefinition = ConnectorDefinition | ProviderDefinition
export type PartKind = PartDefinition['kind']

export interface PartSources {
  definitions: readonly PartDefinition[]
  /** All types there are of each kind, for suggestions. Default: those of `definitions`. */
  types?: Readonly<Record<PartKind, readonly string[]>>
  /** What a secret's name stands for as a text, where the part takes no secrets; undefined with a problem of its own. */
  text(name: string, use: SecretPlace): string | undefined
  /** The secret of this name, for a part that takes secrets; absent where there are only texts. */
  secret?(name: string, use: SecretPlace): Secret
}

export interface SecretPlace {
  path: Path
  definition: PartDefinition
  /** All options of the part. */
  options: unknown
  problems: PlacedProblem[]
}

/** What of a part tells that it is a made one. */
const verbOf = { provider: 'stream', connector: 'send' } as const

/** Whether it is a connector or provider already, and not what a configuration says of one. */
export function isMade(kind: PartKind, value: unknown): boolean {
  return isObject(value) && typeof value[verbOf[kind]] === 'function'
}

/**
 * Null, with its problems, when it cannot be made. A type that breaks is somebody else's code, and what names it only
 * something that cannot be had.
 */
export function makePart(...[kind, path, value, sources, problems]: Parameters<typeof make>): unknown {
  try {
    return make(kind, path, value, sources, problems)
  } catch (error) {
    problems.push({ path, detail: `cannot be made: ${toErrorRecord(error).message}` })
    return null
  }
}

function make(kind: PartKind, path: Path, value: unknown, sources: PartSources, problems: PlacedProblem[]): unknown {
  const named = namedPart.safeParse(value)
  if (!named.success) {
    problems.push(
      ...named.error.issues.flatMap((issue) => issueProblems(issue, { path, schema: namedPart, showsValues: false })),
    )
    return null
  }
  const { type, options } = named.data
  const known = sources.definitions.filter((definition) => definition.kind === kind)
  const definition = known.find((one) => one.type === type)
  if (definition === undefined) {
    const types = sources.types?.[kind] ?? known.map((one) => one.type)
    const detail = `unknown ${kind} type "${type}".${suggestion(type, types, 'types')}`
    problems.push({ path: [...path, 'type'], detail })
    return null
  }
  const optionsPath = [...path, 'options']
  const missing: PlacedProblem[] = []
  const checked = checkedOptions(definition, options, optionsPath, sources, missing)
  problems.push(...missing)
  if (!checked.success) {
    const found = checked.error.issues.flatMap((issue) =>
      issueProblems(issue, { path: optionsPath, schema: definition.options, showsValues: false }),
    )
    // What stands in for a missing secret is not what the person wrote.
    problems.push(...found.filter((one) => !missing.some((other) => samePath(other.path, one.path))))
    return null
  }
  // Whatever is missing, nothing is made of what stands in for it.
  if (missing.length > 0) return null
  try {
    return definition.create(checked.data)
  } catch (error) {
    if (!(error instanceof AsyncvError)) throw error
    problems.push({ path: optionsPath, detail: error.message })
    return null
  }
}

/**
 * Secrets stay what they are wherever the schema of a definition that knows of them takes them; elsewhere they are texts of
 * the environment, as for a part that knows of none.
 */
function checkedOptions(
  definition: PartDefinition,
  options: unknown,
  path: Path,
  sources: PartSources,
  problems: PlacedProblem[],
): ReturnType<PartDefinition['options']['safeParse']> {
  const { secret } = sources
  const use = (at: Path): SecretPlace => ({ path: at, definition, options, problems })
  const asTexts = (only: (path: Path) => boolean, kept: (name: string, path: Path) => unknown): unknown =>
    withSecrets(options, path, problems, (name, at) =>
      only(at) ? (sources.text(name, use(at)) ?? '') : kept(name, at),
    )
  if (secret === undefined || definition.origin === undefined) {
    return definition.options.safeParse(
      asTexts(
        () => true,
        () => undefined,
      ),
    )
  }
  // Only what is used in the end counts as used, so this first look is at ones that nobody can reveal.
  const refused =
    definition.options.safeParse(
      asTexts(
        () => false,
        () => unrevealed,
      ),
    ).error?.issues ?? []
  problems.length = 0
  const takesNone = (at: Path): boolean =>
    refused.some(({ code, path: its }) => {
      const wrong = [...path, ...its]
      // A union says where it stands, not which of its parts is wrong.
      return samePath(at, wrong) || (code === 'invalid_union' && samePath(at.slice(0, wrong.length), wrong))
    })
  return definition.options.safeParse(asTexts(takesNone, (name, at) => secret(name, use(at))))
}

const unrevealed = new Secret(
  '',
  () => '',
  (text) => text,
)

function samePath(one: readonly PropertyKey[], other: readonly PropertyKey[]): boolean {
  return one.length === other.length && one.every((key, index) => key === other[index])
}

/** Puts what `secret` gives in place of each `{ "$secret": NAME }`. */
function withSecrets(
  value: unknown,
  path: Path,
  problems: PlacedProblem[],
  secret: (name: string, path: Path) => unknown,
  depth = 0,
): unknown {
  if (depth > deepestOption) {
    problems.push({ path: path.slice(0, 20), detail: `nested more than ${deepestOption} levels deep.` })
    return undefined
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => withSecrets(item, [...path, index], problems, secret, depth + 1))
  }
  if (!isPlainObject(value)) return value
  const name = secretName(value)
  if (name !== null) return secret(name, path)
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withSecrets(item, [...path, key], problems, secret, depth + 1)]),
  )
}
