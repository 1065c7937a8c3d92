import { inlineSecrets } from 'asyncv/schemas'
import type { Place } from './content.ts'
import type { Piece } from './document.ts'
import type { Types } from './types.ts'

/**
 * Where a connector or provider holds a secret itself, judged as runtimes judge releases: by the schemas of its type, or,
 * where no runtime could be asked, by the names of options. Never with the value.
 */
export async function heldSecrets({ kind, content }: Piece, types: Types): Promise<Place[]> {
  if (kind !== 'connector' && kind !== 'provider') return []
  const { type, options } = Object(content) as { type?: unknown; options?: unknown }
  const schemas = typeof type === 'string' ? await types.schemas(kind, type) : []
  const found = [{}, ...schemas].flatMap((schema) => inlineSecrets(schema, options).map(pointerOf))
  return [...new Set(found)].map((pointer) => ({
    pointer: `/content/options${pointer}`,
    detail: 'holds a secret itself; set it in the vault of the runtimes, and write { "$secret": "NAME" }',
  }))
}

function pointerOf(path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
