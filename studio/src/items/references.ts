/** Which items name which others. */
import { isDeepStrictEqual } from 'node:util'
import type { ItemReference, ItemUse } from '../schemas/item.ts'
import type { Piece } from './document.ts'

interface Named extends ItemReference {
  /** The place that names it. */
  pointer: string
}

/** What a piece names: a route its connector and its agent, an agent the providers of its models. */
function namesIn({ kind, content }: Piece): Named[] {
  const fields = Object(content) as { connector?: unknown; agent?: unknown; model?: unknown }
  if (kind === 'route') {
    return [
      ...(typeof fields.connector === 'string'
        ? [{ kind: 'connector' as const, name: fields.connector, pointer: '/connector' }]
        : []),
      ...(typeof fields.agent === 'string' ? [{ kind: 'agent' as const, name: fields.agent, pointer: '/agent' }] : []),
    ]
  }
  if (kind !== 'agent') return []
  const models: unknown[] = Array.isArray(fields.model) ? fields.model : [fields.model]
  return models.flatMap((model, index): Named[] => {
    const name = providerOf(model)
    const pointer = Array.isArray(fields.model) ? `/model/${index}` : '/model'
    return name === null ? [] : [{ kind: 'provider', name, pointer }]
  })
}

/** What of `pieces` names this one, with each place. */
export function usesOf(named: ItemReference, pieces: readonly Piece[]): ItemUse[] {
  return pieces.flatMap((piece) =>
    namesIn(piece)
      .filter(({ kind, name }) => kind === named.kind && name === named.name)
      .map(({ pointer }) => ({ kind: piece.kind, name: piece.name, pointer })),
  )
}

/** The same piece with the new name wherever it names the old one; null when it does not. A route takes its connector's. */
export function renamedIn(piece: Piece, named: ItemReference, to: string): Piece | null {
  const content = Object(piece.content) as Record<string, unknown>
  const follows = followed(piece, content, named, to)
  if (isDeepStrictEqual(follows, content)) return null
  const name = piece.kind === 'route' ? String(follows['connector']) : piece.name
  return { kind: piece.kind, name, content: follows }
}

function followed(
  { kind }: Piece,
  content: Record<string, unknown>,
  named: ItemReference,
  to: string,
): Record<string, unknown> {
  if (kind === 'route' && (named.kind === 'connector' || named.kind === 'agent')) {
    return content[named.kind] === named.name ? { ...content, [named.kind]: to } : content
  }
  if (kind !== 'agent' || named.kind !== 'provider') return content
  const model = (one: unknown): unknown =>
    typeof one === 'string' && providerOf(one) === named.name ? to + one.slice(named.name.length) : one
  const given = content['model']
  return { ...content, model: Array.isArray(given) ? given.map(model) : model(given) }
}

/** Of `provider/model`. */
function providerOf(model: unknown): string | null {
  if (typeof model !== 'string') return null
  const slash = model.indexOf('/')
  return slash === -1 ? null : model.slice(0, slash)
}
