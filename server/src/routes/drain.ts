import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import type { Drain } from 'asyncv'
import { drainState } from 'asyncv/schemas'
import { openedBy } from '../opened-by.ts'
import type { ManagerOf } from '../service/identify-manager.ts'
import { json, problems } from './responses.ts'

/** `/admin/v1/drain`: what was accepted is finished, nothing more is taken in, and the process stays. */
export function drainRoutes(
  app: OpenAPIHono,
  drain: Drain,
  { notReadyMs, managerOf }: { notReadyMs: number; managerOf: ManagerOf },
): void {
  app.openapi(beginDrain, async (c) => c.json(await drain.begin({ notReadyMs, by: managerOf(c).actor }), 200))
  app.openapi(getDrain, async (c) => c.json(await drain.state(), 200))
  app.openapi(undoDrain, async (c) => c.json(await drain.undo(managerOf(c).actor), 200))
}

const beginDrain = createRoute({
  method: 'post',
  path: '/admin/v1/drain',
  security: openedBy('operate'),
  summary: 'Take nothing more in, and finish what was accepted; again, it says how far that is',
  responses: { 200: json(drainState, 'How far it is'), ...problems },
})

const getDrain = createRoute({
  method: 'get',
  path: '/admin/v1/drain',
  security: openedBy('operate'),
  summary: 'How far a drain is',
  responses: { 200: json(drainState, 'How far it is'), ...problems },
})

const undoDrain = createRoute({
  method: 'delete',
  path: '/admin/v1/drain',
  security: openedBy('operate'),
  summary: 'Take messages in again, as a restart does',
  responses: { 200: json(drainState, 'It is off'), ...problems },
})
