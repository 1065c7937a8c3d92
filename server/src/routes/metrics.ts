import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Asyncv } from 'asyncv'
import { lateMetrics } from '../late-metrics.ts'
import type { CallerOf } from '../service/caller.ts'
import { problems } from './responses.ts'

export function metricsRoute(app: OpenAPIHono, asyncv: Pick<Asyncv, 'on' | 'agents'>, callerOf: CallerOf): void {
  const wanted = lateMetrics(asyncv)
  app.openapi(getMetrics, async (c) => {
    const metrics = await wanted()
    const text = await metrics.text(await callerOf(c).stats())
    return c.text(text, 200, { 'Content-Type': metrics.contentType })
  })
}

const getMetrics = createRoute({
  operationId: 'getMetrics',
  tags: ['Health'],
  method: 'get',
  path: '/metrics',
  summary: 'How it is doing, for Prometheus',
  responses: {
    200: { description: 'Metrics in the text format', content: { 'text/plain': { schema: z.string() } } },
    ...problems,
  },
})
