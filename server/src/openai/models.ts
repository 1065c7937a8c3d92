import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { AsyncvError } from 'asyncv'
import { json, problems } from '../routes/responses.ts'
import type { CallerOf } from '../service/caller.ts'

/** Agents are the models. */
export function modelRoutes(app: OpenAPIHono, callerOf: CallerOf): void {
  app.openapi(listModels, (c) => {
    const data = callerOf(c).agents.map(({ name }) => shown(name))
    return c.json({ object: 'list' as const, data }, 200)
  })
  app.openapi(getModel, (c) => {
    const { model } = c.req.valid('param')
    const { agents } = callerOf(c)
    if (agents.some(({ name }) => name === model)) return c.json(shown(model), 200)
    throw new AsyncvError('agent_unknown', `Unknown agent ${JSON.stringify(model)}.`, {
      hint: `Known agents: ${agents.map(({ name }) => name).join(', ')}.`,
    })
  })
}

/** Nobody knows when an agent was made; clients want a number. */
function shown(name: string) {
  return { id: name, object: 'model' as const, created: 0, owned_by: 'asyncv' }
}

const model = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.int(),
  owned_by: z.string(),
})

const listModels = createRoute({
  operationId: 'listModels',
  tags: ['OpenAI'],
  method: 'get',
  path: '/openai/v1/models',
  summary: 'The agents, as OpenAI’s clients see them',
  responses: { 200: json(z.object({ object: z.literal('list'), data: z.array(model) }), 'All of them'), ...problems },
})

const getModel = createRoute({
  operationId: 'getModel',
  tags: ['OpenAI'],
  method: 'get',
  path: '/openai/v1/models/{model}',
  summary: 'Look at an agent, as OpenAI’s clients do',
  request: { params: z.object({ model: z.string() }) },
  responses: { 200: json(model, 'The agent'), ...problems },
})
