/** The part of a configuration file that can be a release: plain data, secrets by their names. */
import { AsyncvError } from '../errors.ts'
import { canonicalJson } from '../internal/canonical-json.ts'
import { placeOf } from '../internal/issue.ts'
import { isMade, isObject, isPlainObject, type PartDefinition, type PartKind } from '../part-making.ts'
import { documentProblems, type ReleaseDocument, releaseDocument, releaseSchemaVersion } from '../schemas/release.ts'
import { inlineSecrets } from './secrets.ts'

export interface FileRelease {
  document: ReleaseDocument
  /** What stays code, each with its reason, as a sentence that begins with its place. */
  left: string[]
}

/**
 * Takes what is portable out of what a configuration file exports, which is expected to be a sound one. What holds functions,
 * made parts or secrets themselves stays with the file.
 */
export function fileRelease(config: unknown, definitions: readonly PartDefinition[]): FileRelease {
  const { agents, routes, providers, connectors } = (isObject(config) ? config : {}) as Record<string, unknown>
  const left: string[] = []
  const document = {
    schemaVersion: releaseSchemaVersion,
    agents: (Array.isArray(agents) ? agents : []).flatMap((agent: unknown, index) =>
      portable(['agents', index], agent, left) ? [plainAgent(agent)] : [],
    ),
    providers: partsIn('provider', providers, definitions, left),
    connectors: partsIn('connector', connectors, definitions, left),
    routes: (Array.isArray(routes) ? routes : []).filter((route, index) => portable(['routes', index], route, left)),
  }
  const wrong = documentProblems(document)
  if (wrong.length > 0) {
    const [first] = wrong
    throw new AsyncvError('config_invalid', `${first?.pointer}: ${first?.detail}`, { problems: wrong })
  }
  return { document: releaseDocument.parse(document), left }
}

/** As JSON has it; a checked agent has fields that say nothing. */
function plainAgent(agent: unknown): unknown {
  const { whenBusy, ...rest } = agent as { whenBusy?: unknown }
  return JSON.parse(JSON.stringify({ ...rest, ...(whenBusy == null ? {} : { whenBusy }) }))
}

function partsIn(
  kind: PartKind,
  parts: unknown,
  definitions: readonly PartDefinition[],
  left: string[],
): Record<string, unknown> {
  const found = Object.entries(isObject(parts) ? parts : {}).filter(([name, part]) => {
    const path = [`${kind}s`, name]
    if (isMade(kind, part)) return leave(path, 'was made by the program', left)
    if (!portable(path, part, left)) return false
    const { type, options } = part as { type?: unknown; options?: unknown }
    const definition = definitions.find((one) => one.kind === kind && one.type === type)
    const [secret] = definition === undefined ? [] : inlineSecrets(definition, options ?? {})
    if (secret === undefined) return true
    return leave([...path, 'options', ...secret], 'holds a secret itself', left)
  })
  return Object.fromEntries(found)
}

function portable(path: (string | number)[], value: unknown, left: string[]): boolean {
  const odd = oddPlace(value, path)
  return odd === null || leave(odd, 'is no plain data', left)
}

function leave(path: (string | number)[], why: string, left: string[]): false {
  left.push(`${placeOf(path)}: ${why}, so it stays with the file.`)
  return false
}

/** Where a value holds something that JSON has no words for. */
function oddPlace(value: unknown, path: (string | number)[], depth = 0): (string | number)[] | null {
  if (value === undefined) return null
  if (depth > 32) return path
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const odd = item === undefined ? [...path, index] : oddPlace(item, [...path, index], depth + 1)
      if (odd !== null) return odd
    }
    return null
  }
  if (typeof value === 'object' && value !== null) {
    if (!isPlainObject(value)) return path
    for (const [key, item] of Object.entries(value)) {
      const odd = oddPlace(item, [...path, key], depth + 1)
      if (odd !== null) return odd
    }
    return null
  }
  try {
    canonicalJson(value)
    return null
  } catch {
    return path
  }
}
