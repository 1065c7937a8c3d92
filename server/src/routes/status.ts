import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Asyncv, ReleaseState } from 'asyncv'
import { installed, routeSummary, status } from 'asyncv/schemas'
import { version } from '../version.ts'
import { openedBy } from '../opened-by.ts'
import { json, problems } from './responses.ts'

/** What there is, and how it is doing. */
export function statusRoutes(app: OpenAPIHono, asyncv: Asyncv): void {
  app.openapi(getStatus, async (c) => {
    // What releases there are is in the database, which is there while it runs.
    const releases = asyncv.releases.state().catch(() => null)
    const [{ ready, checks }, parts, state] = await Promise.all([asyncv.ready(), asyncv.status(), releases])
    const uptimeMs = parts.startedAt === null ? null : Math.max(0, Date.now() - parts.startedAt)
    const { version: node, pid } = process
    const runtimeId = state?.runtime ?? null
    return c.json({ version, node, pid, runtimeId, release: releaseOf(state), uptimeMs, ready, checks, ...parts }, 200)
  })
  app.openapi(listTypes, async (c) => c.json(await asyncv.installed(), 200))
  app.openapi(listRoutes, (c) => c.json({ data: asyncv.routes() }, 200))
}

function releaseOf(state: ReleaseState | null): z.infer<typeof status>['release'] {
  const current = state?.current ?? null
  if (state === null || current === null) return null
  const { revision, publisher, hash, appliedAt } = current
  return { revision, publisher, hash, appliedAt, inForce: state.problems === null, fileInForce: state.fileInForce }
}

const getStatus = createRoute({
  method: 'get',
  path: '/admin/v1/status',
  security: openedBy('configure', 'operate'),
  summary: 'How the runtime is doing, part by part',
  responses: { 200: json(status, 'Its status, also while it is not ready'), ...problems },
})

const listTypes = createRoute({
  method: 'get',
  path: '/admin/v1/types',
  security: openedBy('configure', 'operate'),
  summary: 'What a configuration may name: types of connectors and providers with their options, and tools',
  responses: { 200: json(installed, 'All that is installed'), ...problems },
})

const listRoutes = createRoute({
  method: 'get',
  path: '/admin/v1/routes',
  security: openedBy('configure', 'operate'),
  summary: 'Which agent answers which connector',
  responses: { 200: json(z.object({ data: z.array(routeSummary) }), 'One for each connector'), ...problems },
})
