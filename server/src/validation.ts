import type { Hook } from '@hono/zod-openapi'
import type { z } from 'zod'
import { Problem } from './problem.ts'

/** What a route does with a request that does not fit its schemas: a problem that names each place (RFC 6901). */
// biome-ignore lint/suspicious/noExplicitAny: one hook for the schemas of all routes
export const refuseInvalid: Hook<any, any, any, any> = (result) => {
  if (result.success) return
  const errors = result.error.issues.flatMap(placesOf)
  const first = errors[0] ?? { pointer: '', detail: 'invalid' }
  throw new Problem('input_invalid', `${first.pointer || 'The body'}: ${first.detail}.`, { errors })
}

function placesOf(issue: z.core.$ZodIssue): { pointer: string; detail: string }[] {
  if (issue.code !== 'unrecognized_keys') return [{ pointer: pointerTo(issue.path), detail: issue.message }]
  return issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), detail: 'unknown key' }))
}

function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
