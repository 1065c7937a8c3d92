import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { apiKey, keyMade, keyRequest } from 'asyncv/schemas'
import type { MiddlewareHandler } from 'hono'
import { openedBy } from '../opened-by.ts'
import type { ManagerOf } from '../service/identify-manager.ts'
import { pageOf, pageQuery, toPageRequest } from './paging.ts'
import { json, problems } from './responses.ts'

/** `/admin/v1/keys`: what `asyncv keys` does beside a runtime that has the database. */
export function keyRoutes(
  app: OpenAPIHono,
  { managerOf, body }: { managerOf: ManagerOf; body: MiddlewareHandler },
): void {
  app.openapi(listKeys, async (c) => c.json(await managerOf(c).keys.list(toPageRequest(c.req.valid('query'))), 200))
  app.openapi({ ...createKey, middleware: body }, async (c) => {
    const { name, scopes, space, agents, expiresAt } = c.req.valid('json')
    const input = {
      name,
      ...(scopes === undefined ? {} : { scopes }),
      ...(space === undefined ? {} : { space }),
      ...(agents === undefined ? {} : { agents }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    }
    return c.json(await managerOf(c).keys.create(input), 201, { 'Cache-Control': 'no-store' })
  })
  app.openapi(revokeKey, async (c) => c.json(await managerOf(c).keys.revoke(c.req.valid('param').id), 200))
}

const listKeys = createRoute({
  method: 'get',
  path: '/admin/v1/keys',
  security: openedBy('configure'),
  summary: 'The API keys, newest first',
  request: { query: pageQuery },
  responses: { 200: json(pageOf(apiKey), 'A page of keys'), ...problems },
})

const createKey = createRoute({
  method: 'post',
  path: '/admin/v1/keys',
  security: openedBy('configure'),
  summary: 'Make an API key, which may do no more than the one that asks for it',
  request: { body: { required: true, content: { 'application/json': { schema: keyRequest } } } },
  responses: { 201: json(keyMade, 'The key; its secret is not shown again'), ...problems },
})

const revokeKey = createRoute({
  method: 'delete',
  path: '/admin/v1/keys/{id}',
  security: openedBy('configure'),
  summary: 'Revoke an API key',
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: json(apiKey, 'The key as it is now'), ...problems },
})
