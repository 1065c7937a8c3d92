/** What of a configuration file is a release: plain data, secrets by their names. */
import { AsyncvError, type Problem } from '../errors.ts'
import { pointerTo } from '../internal/pointer.ts'
import type { PartDefinition, PartKind } from '../part-making.ts'
import { type ReleaseDocument, releaseDocument } from '../schemas/release.ts'
import { portableOf } from './portable.ts'
import { secretsHeldBy } from './secrets.ts'

export interface FileRelease {
  document: ReleaseDocument
  /** What stays with the file as code, each with its reason. */
  left: Problem[]
}

/**
 * Takes what is portable out of what a configuration file exports, which is expected to be a sound one. Agents, routes and
 * parts that hold functions, made parts or secrets themselves stay with the file. Throws `config_invalid` for what has not the
 * form of a release.
 */
export function fileRelease(config: unknown, definitions: readonly PartDefinition[]): FileRelease {
  const { document, code, problems } = portableOf(config)
  const [first] = problems
  if (first !== undefined) throw new AsyncvError('config_invalid', `${first.pointer}: ${first.detail}`, { problems })
  const whole = releaseDocument.parse(document)
  const left = [
    ...code,
    ...secretsOf('provider', whole.providers, definitions),
    ...secretsOf('connector', whole.connectors, definitions),
  ]
  const stays = (list: string, key: string | number): boolean => {
    const item = pointerTo([list, key])
    return left.some(({ pointer }) => pointer === item || pointer.startsWith(`${item}/`))
  }
  const without = <Part>(list: string, parts: Record<string, Part>): Record<string, Part> =>
    Object.fromEntries(Object.entries(parts).filter(([name]) => !stays(list, name)))
  return {
    document: {
      ...whole,
      agents: whole.agents.filter((_, index) => !stays('agents', index)),
      routes: whole.routes.filter((_, index) => !stays('routes', index)),
      providers: without('providers', whole.providers),
      connectors: without('connectors', whole.connectors),
    },
    left,
  }
}

function secretsOf(
  kind: PartKind,
  parts: ReleaseDocument['providers'],
  definitions: readonly PartDefinition[],
): Problem[] {
  return Object.entries(parts).flatMap(([name, { type, options }]) => {
    const definition = definitions.find((one) => one.kind === kind && one.type === type)
    const secrets = definition === undefined ? [] : secretsHeldBy(definition, options)
    return secrets.map((path) => ({
      pointer: pointerTo([`${kind}s`, name, 'options', ...path]),
      detail: 'holds a secret itself. Set it in the vault, and write { "$secret": "NAME" }.',
    }))
  })
}
