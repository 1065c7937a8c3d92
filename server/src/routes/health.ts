import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Asyncv, Readiness } from 'asyncv'
import { readiness } from 'asyncv/schemas'
import { json } from './responses.ts'

export function healthRoutes(app: OpenAPIHono, asyncv: Asyncv, isLeaving: () => boolean): void {
  app.openapi(livez, (c) => c.json({ status: 'ok' as const }, 200))
  app.openapi(healthz, (c) => c.json({ status: 'ok' as const }, 200))
  app.openapi(readyz, async (c) => {
    const found = isLeaving() ? leaving(await asyncv.ready()) : await asyncv.ready()
    return c.json(found, found.ready ? 200 : 503)
  })
}

function leaving({ checks }: Readiness): Readiness {
  return { ready: false, checks: [...checks, { name: 'leaving', ok: false, detail: 'the service is about to stop' }] }
}

const alive = z.object({ status: z.literal('ok') })

const livez = createRoute({
  operationId: 'livez',
  security: [],
  tags: ['Health'],
  method: 'get',
  path: '/livez',
  summary: 'The process runs and its event loop turns',
  responses: { 200: json(alive, 'It does') },
})

const healthz = createRoute({
  ...livez,
  operationId: 'healthz',
  path: '/healthz',
  summary: 'The same, by its other usual name',
})

const readyz = createRoute({
  operationId: 'readyz',
  security: [],
  tags: ['Health'],
  method: 'get',
  path: '/readyz',
  summary: 'Whether messages are taken in, and if not, why',
  responses: { 200: json(readiness, 'Ready'), 503: json(readiness, 'Not ready: look at the checks that are not ok') },
})
