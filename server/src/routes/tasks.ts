import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { step, task, taskState, timeline } from 'asyncv/schemas'
import { preferredWaitMs } from '../prefer.ts'
import type { CallerOf } from '../service/caller.ts'
import { pageOf, pageQuery, toPageRequest } from './paging.ts'
import { json, problems } from './responses.ts'

export function taskRoutes(app: OpenAPIHono, callerOf: CallerOf): void {
  app.openapi(getTask, async (c) => {
    const waitMs = preferredWaitMs(c.req.header('prefer'))
    const { id } = c.req.valid('param')
    // A request's signal is made when it is asked for, which costs a read a thirtieth of its time.
    if (waitMs <= 0) return c.json(await callerOf(c).task(id), 200)
    return c.json(await callerOf(c).ended(id, { waitMs, signal: c.req.raw.signal }), 200)
  })
  app.openapi(cancelTask, async (c) => c.json(await callerOf(c).cancel(c.req.valid('param').id), 200))
  app.openapi(retryTask, async (c) => c.json(await callerOf(c).retry(c.req.valid('param').id), 200))
  app.openapi(listTasks, async (c) => {
    const { session, state, ...page } = c.req.valid('query')
    const filter = { ...(session === undefined ? {} : { session }), ...(state === undefined ? {} : { state }) }
    return c.json(await callerOf(c).tasks({ ...filter, ...toPageRequest(page) }), 200)
  })
  app.openapi(listSteps, async (c) => {
    // `never`: what tools were called with and returned is unknown, and hono's types want proof that it is JSON.
    return c.json({ data: await callerOf(c).steps(c.req.valid('param').id) } as never, 200)
  })
  app.openapi(getTimeline, async (c) => {
    // `never`: as above.
    return c.json((await callerOf(c).timeline(c.req.valid('param').id)) as never, 200)
  })
}

const params = z.object({ id: z.string() })

const getTask = createRoute({
  operationId: 'getTask',
  tags: ['Tasks'],
  method: 'get',
  path: '/v1/tasks/{id}',
  summary: 'Look at a task',
  description: 'With `Prefer: wait=30` it answers when the task has ended, or after so many seconds, at most 55.',
  parameters: [{ name: 'Prefer', in: 'header', description: '`wait` (RFC 7240)', schema: { type: 'string' } }],
  request: { params },
  responses: { 200: json(task, 'The task'), ...problems },
})

const cancelTask = createRoute({
  operationId: 'cancelTask',
  tags: ['Tasks'],
  method: 'post',
  path: '/v1/tasks/{id}/cancel',
  summary: 'Cancel a task, queued or running',
  request: { params },
  responses: { 200: json(task, 'The task, once the wish is on disk'), ...problems },
})

const retryTask = createRoute({
  operationId: 'retryTask',
  tags: ['Tasks'],
  method: 'post',
  path: '/v1/tasks/{id}/retry',
  summary: 'Run a failed or cancelled task again',
  request: { params },
  responses: { 200: json(task, 'The task that answers; a new one if the conversation went on'), ...problems },
})

const listTasks = createRoute({
  operationId: 'listTasks',
  tags: ['Tasks'],
  method: 'get',
  path: '/v1/tasks',
  summary: 'Tasks, newest first',
  request: { query: pageQuery.extend({ session: z.string().optional(), state: taskState.optional() }) },
  responses: { 200: json(pageOf(task), 'A page of tasks'), ...problems },
})

const listSteps = createRoute({
  operationId: 'listSteps',
  tags: ['Tasks'],
  method: 'get',
  path: '/v1/tasks/{id}/steps',
  summary: 'What a task did, step by step',
  request: { params },
  responses: { 200: json(z.object({ data: z.array(step) }), 'All its steps, in order'), ...problems },
})

const getTimeline = createRoute({
  operationId: 'getTimeline',
  tags: ['Tasks'],
  method: 'get',
  path: '/v1/messages/{id}/timeline',
  summary: 'Where is my message?',
  request: { params },
  responses: { 200: json(timeline, 'What happened to it, in order'), ...problems },
})
