import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { task, timeline } from 'asyncv/schemas'
import type { CallerOf } from '../service/caller.ts'
import { json, problems } from './responses.ts'

export function taskRoutes(app: OpenAPIHono, callerOf: CallerOf): void {
  app.openapi(getTask, async (c) => c.json(await callerOf(c).task(c.req.valid('param').id), 200))
  app.openapi(cancelTask, async (c) => c.json(await callerOf(c).cancel(c.req.valid('param').id), 200))
  app.openapi(getTimeline, async (c) => {
    // `never`: what tools were called with and returned is unknown, and hono's types want proof that it is JSON.
    return c.json((await callerOf(c).timeline(c.req.valid('param').id)) as never, 200)
  })
}

const params = z.object({ id: z.string() })

const getTask = createRoute({
  method: 'get',
  path: '/v1/tasks/{id}',
  summary: 'Look at a task',
  request: { params },
  responses: { 200: json(task, 'The task'), ...problems },
})

const cancelTask = createRoute({
  method: 'post',
  path: '/v1/tasks/{id}/cancel',
  summary: 'Cancel a task, queued or running',
  request: { params },
  responses: { 200: json(task, 'The task, once the wish is on disk'), ...problems },
})

const getTimeline = createRoute({
  method: 'get',
  path: '/v1/messages/{id}/timeline',
  summary: 'Where is my message?',
  request: { params },
  responses: { 200: json(timeline, 'What happened to it, in order'), ...problems },
})
