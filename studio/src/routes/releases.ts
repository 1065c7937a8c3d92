import type { Context } from 'hono'
import { check, readBody, readQuery } from '../http/body.ts'
import type { Releases } from '../releases/releases.ts'
import {
  compareQuery,
  publishRequest,
  releaseCheckRequest,
  releaseNumber,
  releaseQuery,
  retryRequest,
  rollBackRequest,
} from '../schemas/releases.ts'
import type { Router } from './router.ts'

export function releaseRoutes(routes: Router, releases: Releases): void {
  routes.on('GET /api/releases', async (c) => c.json(await releases.list(readQuery(c, releaseQuery))))
  routes.on('POST /api/releases', async (c, { user }) =>
    c.json(await releases.publish(await readBody(c, publishRequest), user), 201),
  )
  routes.on('POST /api/releases/check', async (c) =>
    c.json(await releases.foresee(await readBody(c, releaseCheckRequest))),
  )
  routes.on('GET /api/releases/compare', async (c) => c.json(await releases.compare(readQuery(c, compareQuery))))
  routes.on('GET /api/releases/:n', async (c) => c.json(await releases.get(numberIn(c))))
  routes.on('GET /api/releases/:n/export', async (c) => {
    const n = numberIn(c)
    const text = await releases.export(n)
    c.header('Content-Type', 'application/json')
    c.header('Content-Disposition', `attachment; filename="asyncv.release-${n}.json"`)
    return c.body(text)
  })
  routes.on('GET /api/releases/:n/roll-back', async (c) => c.json(await releases.foreseeRollBack(numberIn(c))))
  routes.on('POST /api/releases/:n/roll-back', async (c, { user }) =>
    c.json(await releases.rollBack(numberIn(c), await readBody(c, rollBackRequest), user), 201),
  )
  routes.on('POST /api/releases/:n/targets/:runtime/retry', async (c, { user }) => {
    const { force = false } = await readBody(c, retryRequest)
    const target = { release: numberIn(c), runtime: c.req.param('runtime') ?? '' }
    return c.json(await releases.retry(target, { force }, user))
  })
}

function numberIn(c: Context): number {
  return check(releaseNumber, c.req.param('n'))
}
