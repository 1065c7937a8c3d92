import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Audit } from 'asyncv'
import { auditEntry, auditVerdict } from 'asyncv/schemas'
import { pageOf, pageQuery, toPageRequest } from './paging.ts'
import { openedBy } from '../opened-by.ts'
import { json, problems } from './responses.ts'

/** `/admin/v1/audit`: what those who manage the runtime did, and whether that is still what was written down. */
export function auditRoutes(app: OpenAPIHono, audit: Audit): void {
  app.openapi(listAudit, async (c) => {
    const { action, actor, ...page } = c.req.valid('query')
    const filter = { ...(action === undefined ? {} : { action }), ...(actor === undefined ? {} : { actor }) }
    return c.json(await audit.list({ ...filter, ...toPageRequest(page) }), 200)
  })
  app.openapi(verifyAudit, async (c) => {
    const [n, hash = ''] = c.req.valid('query').head?.split(':') ?? []
    return c.json(await audit.verify(n === undefined ? {} : { head: { n: Number(n), hash } }), 200)
  })
}

const listAudit = createRoute({
  method: 'get',
  path: '/admin/v1/audit',
  security: openedBy('operate'),
  summary: 'What was done, newest first',
  request: {
    query: pageQuery.extend({
      action: z.string().optional().meta({ example: 'key.created' }),
      actor: z.string().optional().describe('The id of who did it, such as operator'),
    }),
  },
  responses: { 200: json(pageOf(auditEntry), 'A page of entries'), ...problems },
})

const verifyAudit = createRoute({
  method: 'get',
  path: '/admin/v1/audit/verify',
  security: openedBy('operate'),
  summary: 'Is the audit log what was written?',
  request: {
    query: z.strictObject({
      head: z
        .string()
        .regex(/^\d{1,15}:[0-9a-f]{64}$/, 'give the number of an entry and its hash, as in 12:0a1b…')
        .optional()
        .describe('An entry that was noted earlier, elsewhere: `n:hash`'),
    }),
  },
  responses: { 200: json(auditVerdict, 'The verdict; a fault is one, too'), ...problems },
})
