import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { delivery, deliveryState } from 'asyncv/schemas'
import type { CallerOf } from '../service/caller.ts'
import { pageOf, pageQuery, toPageRequest } from './paging.ts'
import { json, problems } from './responses.ts'

export function deliveryRoutes(app: OpenAPIHono, callerOf: CallerOf): void {
  app.openapi(listDeliveries, async (c) => {
    const { state, task, ...page } = c.req.valid('query')
    const filter = { ...(state === undefined ? {} : { state }), ...(task === undefined ? {} : { task }) }
    return c.json(await callerOf(c).deliveries({ ...filter, ...toPageRequest(page) }), 200)
  })
  app.openapi(retryDelivery, async (c) => c.json(await callerOf(c).retryDelivery(c.req.valid('param').id), 200))
  app.openapi(discardDelivery, async (c) => c.json(await callerOf(c).discardDelivery(c.req.valid('param').id), 200))
}

const params = z.object({ id: z.string() })

const listDeliveries = createRoute({
  operationId: 'listDeliveries',
  tags: ['Deliveries'],
  method: 'get',
  path: '/v1/deliveries',
  summary: 'Deliveries, newest first',
  request: { query: pageQuery.extend({ state: deliveryState.optional(), task: z.string().optional() }) },
  responses: { 200: json(pageOf(delivery), 'A page of deliveries'), ...problems },
})

const retryDelivery = createRoute({
  operationId: 'retryDelivery',
  tags: ['Deliveries'],
  method: 'post',
  path: '/v1/deliveries/{id}/retry',
  summary: 'Send a held or dead delivery again',
  request: { params },
  responses: { 200: json(delivery, 'The delivery, on its way again'), ...problems },
})

const discardDelivery = createRoute({
  operationId: 'discardDelivery',
  tags: ['Deliveries'],
  method: 'post',
  path: '/v1/deliveries/{id}/discard',
  summary: 'Give a held or dead delivery up',
  request: { params },
  responses: { 200: json(delivery, 'The delivery, given up'), ...problems },
})
