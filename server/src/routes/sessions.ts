import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { message, session } from 'asyncv/schemas'
import type { CallerOf } from '../service/caller.ts'
import { pageOf, pageQuery, toPageRequest } from './paging.ts'
import { json, problems } from './responses.ts'

export function sessionRoutes(app: OpenAPIHono, callerOf: CallerOf): void {
  app.openapi(listSessions, async (c) => c.json(await callerOf(c).sessions(toPageRequest(c.req.valid('query'))), 200))
  app.openapi(getSession, async (c) => c.json(await callerOf(c).session(c.req.valid('param').id), 200))
  app.openapi(listMessages, async (c) => {
    const page = toPageRequest(c.req.valid('query'))
    // `never`: a person's details are what the platform told, and hono's types want proof that they are JSON.
    return c.json((await callerOf(c).messages(c.req.valid('param').id, page)) as never, 200)
  })
}

const params = z.object({ id: z.string() })

const listSessions = createRoute({
  operationId: 'listSessions',
  tags: ['Sessions'],
  method: 'get',
  path: '/v1/sessions',
  summary: 'Sessions, newest first',
  request: { query: pageQuery },
  responses: { 200: json(pageOf(session), 'A page of sessions'), ...problems },
})

const getSession = createRoute({
  operationId: 'getSession',
  tags: ['Sessions'],
  method: 'get',
  path: '/v1/sessions/{id}',
  summary: 'Look at a session',
  request: { params },
  responses: { 200: json(session, 'The session'), ...problems },
})

const listMessages = createRoute({
  operationId: 'listMessages',
  tags: ['Sessions'],
  method: 'get',
  path: '/v1/sessions/{id}/messages',
  summary: 'What came in, oldest first',
  request: { params, query: pageQuery },
  responses: { 200: json(pageOf(message), 'A page of messages'), ...problems },
})
