import { readBody, readQuery } from '../http/body.ts'
import { webhookChange, webhookDeliveryQuery, webhookRequest } from '../schemas/webhooks.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'
import type { Router } from './router.ts'

export function webhookRoutes(routes: Router, webhooks: Webhooks): void {
  routes.on('GET /api/webhooks', async (c) => c.json({ data: await webhooks.list() }))
  routes.on('POST /api/webhooks', async (c, { user }) =>
    c.json(await webhooks.create(user, await readBody(c, webhookRequest)), 201),
  )
  routes.on('PUT /api/webhooks/:id', async (c, { user }) =>
    c.json(await webhooks.change(user, c.req.param('id') ?? '', await readBody(c, webhookChange))),
  )
  routes.on('DELETE /api/webhooks/:id', async (c, { user }) => {
    await webhooks.delete(user, c.req.param('id') ?? '')
    return c.body(null, 204)
  })
  routes.on('POST /api/webhooks/:id/test', async (c, { user }) => {
    await webhooks.test(user, c.req.param('id') ?? '')
    return c.body(null, 202)
  })
  routes.on('GET /api/webhooks/:id/deliveries', async (c) =>
    c.json(await webhooks.deliveries(c.req.param('id') ?? '', readQuery(c, webhookDeliveryQuery))),
  )
  routes.on('POST /api/webhooks/:id/deliveries/:delivery/send-again', async (c) => {
    await webhooks.sendAgain(c.req.param('id') ?? '', c.req.param('delivery') ?? '')
    return c.body(null, 202)
  })
}
