import { stream } from 'hono/streaming'
import { z } from 'zod'
import type { AuditEntry } from '../audit/chain.ts'
import type { AuditLog } from '../audit/log.ts'
import { csvHead, csvLine } from '../audit/csv.ts'
import { readQuery } from '../http/body.ts'
import { auditQuery } from '../schemas/audit.ts'
import type { Router } from './router.ts'

const exportQuery = z.strictObject({ format: z.enum(['jsonl', 'csv']).default('jsonl') })

const verifyQuery = z
  .strictObject({ n: z.coerce.number().int().min(1), hash: z.string().regex(/^[0-9a-f]{64}$/) })
  .partial()
  .refine(({ n, hash }) => (n === undefined) === (hash === undefined), 'give both n and hash of a noted head')

export function auditRoutes(routes: Router, log: AuditLog): void {
  routes.on('GET /api/audit', async (c) => c.json(await log.list(readQuery(c, auditQuery))))
  routes.on('GET /api/audit/verify', async (c) => {
    const { n, hash } = readQuery(c, verifyQuery)
    return c.json(await log.verify(n === undefined || hash === undefined ? null : { n, hash }))
  })
  routes.on('GET /api/audit/export', (c) => {
    const { format } = readQuery(c, exportQuery)
    c.header('Content-Type', format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8')
    c.header('Content-Disposition', `attachment; filename="studio-audit.${format}"`)
    return stream(c, async (out) => {
      if (format === 'csv') await out.write(csvHead)
      const line = format === 'csv' ? csvLine : (entry: AuditEntry) => `${JSON.stringify(entry)}\n`
      for await (const page of log.pages()) {
        if (out.aborted) return
        await out.write(page.map(line).join(''))
      }
    })
  })
}
