import type { OpenAPIHono } from '@hono/zod-openapi'
import { scopes } from 'asyncv'
import type { Context } from 'hono'
import { type Problem, type ProblemDocument, problemResponse } from '../problem.ts'
import { mcpPath } from './route.ts'

const wellKnown = '/.well-known/oauth-protected-resource'

/** Where hosts look before they have a key. */
export const metadataPaths = [wellKnown, wellKnown + mcpPath]

/**
 * Tells MCP hosts how to identify themselves (RFC 9728). Keys are handed out by whoever runs the service, so there is no
 * authorization server to send them to.
 */
export function metadataRoutes(app: OpenAPIHono, urlOf: (c: Context) => string): void {
  for (const path of metadataPaths) {
    app.get(path, (c) => {
      const resource = urlOf(c) + mcpPath
      const metadata = {
        resource,
        resource_name: 'asyncv',
        bearer_methods_supported: ['header'],
        scopes_supported: scopes.filter((scope) => scope === 'invoke' || scope === 'read'),
      }
      return c.json(metadata, 200, { 'Cache-Control': 'no-store' })
    })
  }
}

/** A 401 at `/mcp` says where the metadata is (RFC 9728, section 5.1). `url` is that of the service. */
export function mcpProblem(problem: Problem, document: ProblemDocument, url: string): Response {
  const response = problemResponse(problem, document)
  const challenge = response.headers.get('WWW-Authenticate')
  if (challenge !== null) {
    response.headers.set('WWW-Authenticate', `${challenge}, resource_metadata="${url}${wellKnown}${mcpPath}"`)
  }
  return response
}
