import { problem } from 'asyncv/schemas'
import type { ZodType } from 'zod'

/** How a JSON answer is described in the OpenAPI document. */
export function json<Schema extends ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } }
}

/** How everything that is not an answer is described. */
export const problems = {
  default: { description: 'A problem', content: { 'application/problem+json': { schema: problem } } },
}
