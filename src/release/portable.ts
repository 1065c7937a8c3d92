/** The part of a configuration that a release can say, and what of it no release can. Reads nothing. */
import type { Problem } from '../errors.ts'
import { suggestion } from '../internal/nearest.ts'
import { isObject, isPlainObject, type Path } from '../internal/part-options.ts'
import { pointerTo } from '../internal/pointer.ts'
import { isMade } from '../part-making.ts'
import { configSchema } from '../schemas/config.ts'
import { documentProblems, releaseSchemaVersion } from '../schemas/release.ts'

export interface Portable {
  /** A release document, with everything left out that is code. */
  document: Readonly<Record<string, unknown>>
  /** What no release can say, and what to write instead. Pointers are good for the configuration and for the document. */
  code: Problem[]
  /** What has not the form of a document. */
  problems: Problem[]
}

/**
 * What a configuration file exports, as a release document of its agents, routes, providers and connectors. What belongs to
 * the host (storage, server, plugins, tools, limits of the whole runtime) is not part of it, and no problem. Defaults that
 * the form of a document has are written out, so that the same configuration gives the same hash.
 */
export function portableOf(config: unknown): Portable {
  if (!isObject(config)) {
    return { document: {}, code: [], problems: [{ pointer: '', detail: 'is no configuration: it exports no object.' }] }
  }
  const code: Problem[] = []
  const known = Object.keys(configSchema.shape)
  const unknown = Object.keys(config)
    .filter((key) => !known.includes(key))
    .map((key) => ({ pointer: pointerTo([key]), detail: `unknown key.${suggestion(key, known)}` }))
  const document = {
    schemaVersion: releaseSchemaVersion,
    agents: listOf(config['agents'], ['agents'], code, agentOf),
    routes: listOf(config['routes'], ['routes'], code, plainOf),
    providers: partsOf('provider', config['providers'], code),
    connectors: partsOf('connector', config['connectors'], code),
  }
  // What was left out is named once, and not as missing.
  const found = documentProblems(document).filter(({ pointer }) => !code.some((one) => one.pointer === pointer))
  return { document, code, problems: [...unknown, ...found] }
}

type Read = (value: unknown, path: Path, problems: Problem[]) => unknown

function listOf(value: unknown, path: Path, problems: Problem[], read: Read): unknown {
  if (value === undefined) return []
  if (!Array.isArray(value)) return plainOf(value, path, problems)
  return value.map((item, index) => read(item, [...path, index], problems))
}

function agentOf(value: unknown, path: Path, problems: Problem[]): unknown {
  if (!isObject(value)) return plainOf(value, path, problems)
  const { instructions, tools, whenBusy, ...rest } = value
  // A checked agent has a field that says nothing.
  const said = whenBusy == null ? rest : { ...rest, whenBusy }
  const agent = plainOf(said, path, problems) as Record<string, unknown>
  if (typeof instructions === 'function') {
    problems.push({
      pointer: pointerTo([...path, 'instructions']),
      detail: 'is a function, which only a program can run. Write the instructions as a text.',
    })
  } else if (instructions !== undefined)
    agent['instructions'] = plainOf(instructions, [...path, 'instructions'], problems)
  if (tools !== undefined) agent['tools'] = listOf(tools, [...path, 'tools'], problems, toolOf)
  return agent
}

function toolOf(value: unknown, path: Path, problems: Problem[]): unknown {
  if (!isObject(value)) return plainOf(value, path, problems)
  const name = typeof value['name'] === 'string' ? value['name'] : 'its name'
  problems.push({
    pointer: pointerTo(path),
    detail: `is a tool’s code. Name it here, "${name}", and give the tool in "tools" of the configuration or by a plugin.`,
  })
  return name
}

function partsOf(kind: 'provider' | 'connector', value: unknown, problems: Problem[]): unknown {
  const place = [`${kind}s`]
  if (value === undefined) return {}
  if (!isObject(value)) return plainOf(value, place, problems)
  const parts = Object.entries(value).flatMap(([name, part]): [string, unknown][] => {
    const path = [...place, name]
    if (isMade(kind, part)) {
      const detail = `is a made ${kind}. Name it by its type: { type: "…", options: { … } }, secrets as { "$secret": "NAME" }.`
      problems.push({ pointer: pointerTo(path), detail })
      return []
    }
    const plain = plainOf(part, path, problems)
    return [[name, isObject(plain) && plain['options'] === undefined ? { ...plain, options: {} } : plain]]
  })
  return Object.fromEntries(parts)
}

/** No options of ours have so many levels; what has more would end at the stack's limit. */
const deepest = 32

/** The same as JSON, without what JSON leaves out; what it cannot say is a problem. */
function plainOf(value: unknown, path: Path, problems: Problem[]): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (path.length > deepest) {
    problems.push({ pointer: pointerTo(path.slice(0, 8)), detail: `nests more than ${deepest} levels deep.` })
    return null
  }
  if (Array.isArray(value)) return value.map((item, index) => plainOf(item, [...path, index], problems))
  if (isPlainObject(value)) {
    const said = Object.entries(value).filter(([, item]) => item !== undefined)
    return Object.fromEntries(said.map(([key, item]) => [key, plainOf(item, [...path, key], problems)]))
  }
  const what = typeof value === 'object' ? `an object of class ${value.constructor?.name ?? 'unknown'}` : kindOf(value)
  problems.push({ pointer: pointerTo(path), detail: `is ${what}, which no JSON can say. Write it as plain data.` })
  return null
}

function kindOf(value: unknown): string {
  if (typeof value === 'number') return String(value)
  return typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`
}
