import { releaseDocument } from 'asyncv/schemas'
import { readBody } from '../http/body.ts'
import { adopt } from '../items/adopt.ts'
import { listChanges } from '../items/changes.ts'
import { checkItems } from '../items/check.ts'
import { compose } from '../items/document.ts'
import { draftPieces } from '../items/drafts.ts'
import { importDocument } from '../items/import.ts'
import type { ItemPorts } from '../items/ports.ts'
import { adoptionRequest, importRequest, itemCheckRequest, itemComposition } from '../schemas/item-change.ts'
import type { Router } from './router.ts'

/** bytes; whole documents. */
const mostDocument = 16 * 1024 * 1024

/** All items together: checked, compared with what is published, taken in and given out as one document. */
export function configurationRoutes(routes: Router, ports: ItemPorts): void {
  const { db, runtimes, models } = ports
  routes.on('POST /api/items/check', async (c) =>
    c.json(await checkItems(await readBody(c, itemCheckRequest, mostDocument), ports)),
  )
  routes.on('POST /api/items/compose', async (c) => {
    const { changes } = await readBody(c, itemComposition, mostDocument)
    return c.json({ document: compose(await draftPieces(db, changes)) })
  })
  routes.on('GET /api/runtimes/:id/models', async (c) => c.json({ data: await models.list(c.req.param('id') ?? '') }))
  routes.on('GET /api/changes', async (c) => c.json(await listChanges(db)))
  routes.on('GET /api/export', async (c) => {
    c.header('Content-Disposition', 'attachment; filename="asyncv.release.json"')
    c.header('Content-Type', 'application/json')
    return c.body(`${JSON.stringify(releaseDocument.parse(compose(await draftPieces(db, []))), null, 2)}\n`)
  })
  routes.on('POST /api/import', async (c, { user }) => {
    const wanted = await readBody(c, importRequest, mostDocument)
    return c.json(await importDocument(user, { ...wanted, source: { from: 'file' } }, ports))
  })
  routes.on('POST /api/runtimes/:id/adopt', async (c, { user }) =>
    c.json(await adopt(user, c.req.param('id') ?? '', await readBody(c, adoptionRequest), runtimes, ports)),
  )
}
