import { problem } from 'asyncv/schemas'
import type { ZodType } from 'zod'

/** How a JSON answer is described in the OpenAPI document. */
export function json<Schema extends ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } }
}

const aProblem = { content: { 'application/problem+json': { schema: problem } } }

/** How everything that is not an answer is described. */
export const problems = {
  '4XX': { description: 'What is asked for cannot be done; `code` says why', ...aProblem },
  '5XX': { description: 'It may go better later, or it is a bug; `code` says which', ...aProblem },
}
