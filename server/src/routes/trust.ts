import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Releases } from 'asyncv'
import type { MiddlewareHandler } from 'hono'
import { openedBy } from '../opened-by.ts'
import type { ManagerOf } from '../service/identify-manager.ts'
import { json, problems } from './responses.ts'

/** `/admin/v1/trust`: the list is a file that no route writes; what was changed there is only written down. */
export function trustRoutes(
  app: OpenAPIHono,
  releases: Releases,
  { managerOf, body }: { managerOf: ManagerOf; body: MiddlewareHandler },
): void {
  app.openapi({ ...postChange, middleware: body }, async (c) => {
    const change = c.req.valid('json')
    await releases.trustChanged(change, managerOf(c).actor)
    return c.json(change, 200)
  })
}

const change = z
  .strictObject({
    action: z.enum(['trust.added', 'trust.replaced', 'trust.removed']),
    publisher: z.string().min(1).max(64),
    fingerprint: z.string().min(1).max(64),
    replaced: z.string().min(1).max(64).optional().describe('With trust.replaced, the fingerprint of the key before'),
  })
  .refine(({ action, replaced }) => (action === 'trust.replaced') === (replaced !== undefined), {
    path: ['replaced'],
    message: 'goes with trust.replaced, and with nothing else',
  })
  .meta({ id: 'TrustChange' })

const postChange = createRoute({
  method: 'post',
  path: '/admin/v1/trust/changes',
  security: openedBy('operator'),
  summary: 'Write into the audit log that the trust list of this host was changed there',
  request: { body: { required: true, content: { 'application/json': { schema: change } } } },
  responses: { 200: json(change, 'It is written down'), ...problems },
})
