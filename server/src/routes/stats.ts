import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import { stats } from 'asyncv/schemas'
import type { CallerOf } from '../service/caller.ts'
import { json, problems } from './responses.ts'

export function statsRoute(app: OpenAPIHono, callerOf: CallerOf): void {
  app.openapi(getStats, async (c) => c.json(await callerOf(c).stats(), 200))
}

const getStats = createRoute({
  operationId: 'getStats',
  tags: ['Health'],
  method: 'get',
  path: '/v1/stats',
  summary: 'How much waits, runs, was answered and sent, in the runtime as a whole',
  responses: { 200: json(stats, 'The counts'), ...problems },
})
