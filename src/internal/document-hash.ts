import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'

/** Of the canonical form of a document: the same for what means the same. */
export function hashOf(document: unknown): string {
  return `sha256:${createHash('sha256').update(canonicalJson(document)).digest('hex')}`
}
