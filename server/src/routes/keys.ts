import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Keys } from 'asyncv'
import { apiKey, keyMade, keyRequest } from 'asyncv/schemas'
import type { MiddlewareHandler } from 'hono'
import { actorOf, operator } from '../service/principal.ts'
import { pageOf, pageQuery, toPageRequest } from './paging.ts'
import { json, problems } from './responses.ts'

/** `/admin/v1/keys`: what `asyncv keys` does beside a runtime that has the database. */
export function keyRoutes(app: OpenAPIHono, keys: Keys, body: MiddlewareHandler): void {
  app.openapi(listKeys, async (c) => c.json(await keys.list(toPageRequest(c.req.valid('query'))), 200))
  app.openapi({ ...createKey, middleware: body }, async (c) => {
    const { name, scopes, space, agents, expiresAt } = c.req.valid('json')
    const input = {
      name,
      ...(scopes === undefined ? {} : { scopes }),
      ...(space === undefined ? {} : { space }),
      ...(agents === undefined ? {} : { agents }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    }
    // Nobody else gets here.
    const made = await keys.create(input, actorOf(operator))
    return c.json(made, 201, { 'Cache-Control': 'no-store' })
  })
  app.openapi(revokeKey, async (c) => c.json(await keys.revoke(c.req.valid('param').id, actorOf(operator)), 200))
}

const listKeys = createRoute({
  method: 'get',
  path: '/admin/v1/keys',
  summary: 'The API keys, newest first',
  request: { query: pageQuery },
  responses: { 200: json(pageOf(apiKey), 'A page of keys'), ...problems },
})

const createKey = createRoute({
  method: 'post',
  path: '/admin/v1/keys',
  summary: 'Make an API key',
  request: { body: { required: true, content: { 'application/json': { schema: keyRequest } } } },
  responses: { 201: json(keyMade, 'The key; its secret is not shown again'), ...problems },
})

const revokeKey = createRoute({
  method: 'delete',
  path: '/admin/v1/keys/{id}',
  summary: 'Revoke an API key',
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: json(apiKey, 'The key as it is now'), ...problems },
})
