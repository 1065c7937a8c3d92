import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Secrets } from 'asyncv'
import { secretInfo, secretRequest } from 'asyncv/schemas'
import type { MiddlewareHandler } from 'hono'
import { openedBy } from '../opened-by.ts'
import type { ManagerOf } from '../service/identify-manager.ts'
import { json, problems } from './responses.ts'

/** `/admin/v1/secrets`: values go in, and never come out. */
export function secretRoutes(
  app: OpenAPIHono,
  secrets: Secrets,
  { managerOf, body }: { managerOf: ManagerOf; body: MiddlewareHandler },
): void {
  app.openapi(listSecrets, async (c) => c.json({ data: [...(await secrets.list())].map(shown) }, 200))
  app.openapi(getSecret, async (c) => c.json(shown(await secrets.get(c.req.valid('param').name)), 200))
  app.openapi({ ...putSecret, middleware: body }, async (c) => {
    const { value, origins } = c.req.valid('json')
    const { name } = c.req.valid('param')
    const secret = { name, value, ...(origins === undefined ? {} : { origins }) }
    return c.json(shown(await secrets.put(secret, managerOf(c).actor)), 200)
  })
  app.openapi(removeSecret, async (c) =>
    c.json(shown(await secrets.remove(c.req.valid('param').name, managerOf(c).actor)), 200),
  )
}

function shown({ origins, ...info }: Awaited<ReturnType<Secrets['get']>>): z.infer<typeof secretInfo> {
  return { ...info, origins: origins === null ? null : [...origins] }
}

const named = z.object({ name: z.string() })

const listSecrets = createRoute({
  method: 'get',
  path: '/admin/v1/secrets',
  security: openedBy('configure'),
  summary: 'The secrets of the vault by name, without their values',
  responses: { 200: json(z.object({ data: z.array(secretInfo) }), 'All of them'), ...problems },
})

const getSecret = createRoute({
  method: 'get',
  path: '/admin/v1/secrets/{name}',
  security: openedBy('configure'),
  summary: 'What is told of a secret',
  request: { params: named },
  responses: { 200: json(secretInfo, 'The secret, without its value'), ...problems },
})

const putSecret = createRoute({
  method: 'put',
  path: '/admin/v1/secrets/{name}',
  security: openedBy('configure'),
  summary: 'Set a secret, which the next request uses',
  request: { params: named, body: { required: true, content: { 'application/json': { schema: secretRequest } } } },
  responses: { 200: json(secretInfo, 'The secret as it is now, without its value'), ...problems },
})

const removeSecret = createRoute({
  method: 'delete',
  path: '/admin/v1/secrets/{name}',
  security: openedBy('configure'),
  summary: 'Remove a secret',
  request: { params: named },
  responses: { 200: json(secretInfo, 'The secret as it was, without its value'), ...problems },
})
