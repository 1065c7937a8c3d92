import { readBody } from '../http/body.ts'
import { checkRuntime } from '../runtimes/check.ts'
import type { RuntimeClient } from '../runtimes/client.ts'
import type { Identity } from '../runtimes/identity.ts'
import type { Runtimes } from '../runtimes/runtimes.ts'
import { runtimeChange, runtimeRequest } from '../schemas/runtime.ts'
import type { Router } from './router.ts'

export interface RuntimeRouteParts {
  runtimes: Runtimes
  client: RuntimeClient
  identity: Identity
}

export function runtimeRoutes(routes: Router, { runtimes, client, identity }: RuntimeRouteParts): void {
  routes.on('GET /api/identity', (c) => c.json(identity.shown))
  routes.on('GET /api/runtimes', async (c) => c.json({ data: await runtimes.list() }))
  routes.on('POST /api/runtimes', async (c, { user }) =>
    c.json(await runtimes.connect(user, await readBody(c, runtimeRequest)), 201),
  )
  routes.on('GET /api/runtimes/:id', async (c) => c.json(await runtimes.get(c.req.param('id') ?? '')))
  routes.on('PUT /api/runtimes/:id', async (c, { user }) =>
    c.json(await runtimes.change(user, c.req.param('id') ?? '', await readBody(c, runtimeChange))),
  )
  routes.on('DELETE /api/runtimes/:id', async (c, { user }) => {
    await runtimes.disconnect(user, c.req.param('id') ?? '')
    return c.body(null, 204)
  })
  routes.on('POST /api/runtimes/:id/check', async (c) => {
    const connection = await runtimes.connection(c.req.param('id') ?? '')
    const found = await checkRuntime(client, connection, identity.shown)
    await runtimes.note(connection, found)
    return c.json(found)
  })
}
