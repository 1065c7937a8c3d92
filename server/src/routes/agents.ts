import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { AsyncvError } from 'asyncv'
import { agentSummary } from 'asyncv/schemas'
import type { CallerOf } from '../service/caller.ts'
import { json, problems } from './responses.ts'

export function agentRoutes(app: OpenAPIHono, callerOf: CallerOf): void {
  app.openapi(listAgents, (c) => c.json({ data: [...callerOf(c).agents].map(shown) }, 200))
  app.openapi(getAgent, (c) => {
    const { agent } = c.req.valid('param')
    const { agents } = callerOf(c)
    const found = agents.find(({ name }) => name === agent)
    if (found !== undefined) return c.json(shown(found), 200)
    throw new AsyncvError('agent_unknown', `Unknown agent ${JSON.stringify(agent)}.`, {
      hint: `Known agents: ${agents.map(({ name }) => name).join(', ')}.`,
    })
  })
}

function shown({ name, model, tools }: { name: string; model: readonly string[]; tools: readonly string[] }) {
  return { name, model: [...model], tools: [...tools] }
}

const listAgents = createRoute({
  operationId: 'listAgents',
  tags: ['Agents'],
  method: 'get',
  path: '/v1/agents',
  summary: 'The agents there are',
  responses: { 200: json(z.object({ data: z.array(agentSummary) }), 'All of them'), ...problems },
})

const getAgent = createRoute({
  operationId: 'getAgent',
  tags: ['Agents'],
  method: 'get',
  path: '/v1/agents/{agent}',
  summary: 'Look at an agent',
  request: { params: z.object({ agent: z.string() }) },
  responses: { 200: json(agentSummary, 'The agent'), ...problems },
})
