import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { type Asyncv, AsyncvError } from 'asyncv'
import { connectorStatus, partTest } from 'asyncv/schemas'
import { Problem } from '../problem.ts'
import { openedBy } from '../opened-by.ts'
import type { ManagerOf } from '../service/identify-manager.ts'
import { json, problems } from './responses.ts'

type Parts = Pick<Asyncv, 'connectors' | 'providers' | 'status'>

/** What can be done about one connector or provider while the rest goes on. */
export function partRoutes(app: OpenAPIHono, { connectors, providers, status }: Parts, managerOf: ManagerOf): void {
  app.openapi(startConnector, async (c) => {
    const { name } = c.req.valid('param')
    await connectors.start(name, managerOf(c).actor).catch(asConflict)
    return c.json(await statusOf(name), 200)
  })
  app.openapi(stopConnector, async (c) => {
    const { name } = c.req.valid('param')
    await connectors.stop(name, managerOf(c).actor)
    return c.json(await statusOf(name), 200)
  })
  app.openapi(testConnector, async (c) =>
    c.json(await connectors.test(c.req.valid('param').name, c.req.raw.signal), 200),
  )
  app.openapi(testProvider, async (c) => c.json(await providers.test(c.req.valid('param').name, c.req.raw.signal), 200))

  async function statusOf(name: string): Promise<z.infer<typeof connectorStatus>> {
    const found = (await status()).connectors.find((connector) => connector.name === name)
    if (found !== undefined) return found
    // It was there a moment ago.
    throw new AsyncvError('connector_unknown', `There is no connector ${JSON.stringify(name)} any more.`)
  }
}

/** What would be wrong with a configuration at the start is here in the way of one connector, such as another with its account. */
function asConflict(error: unknown): never {
  if (!(error instanceof AsyncvError) || error.code !== 'config_invalid') throw error
  throw new Problem('state_conflict', error.message, { hint: error.hint })
}

const request = { params: z.object({ name: z.string() }) }

const startConnector = createRoute({
  method: 'post',
  path: '/admin/v1/connectors/{name}/start',
  security: openedBy('operate'),
  summary: 'Connect a connector that was stopped; what waited for it is sent',
  request,
  responses: { 200: json(connectorStatus, 'The connector, connected'), ...problems },
})

const stopConnector = createRoute({
  method: 'post',
  path: '/admin/v1/connectors/{name}/stop',
  security: openedBy('operate'),
  summary: 'Disconnect a connector until it is started, or the service is; what is to be sent there waits',
  request,
  responses: { 200: json(connectorStatus, 'The connector, stopped'), ...problems },
})

const testConnector = createRoute({
  method: 'post',
  path: '/admin/v1/connectors/{name}/test',
  security: openedBy('operate'),
  summary: 'Ask a connector’s platform whether it accepts the credentials',
  request,
  responses: { 200: json(partTest, 'What came of it; a failure is one, too'), ...problems },
})

const testProvider = createRoute({
  method: 'post',
  path: '/admin/v1/providers/{name}/test',
  security: openedBy('operate'),
  summary: 'Ask a provider’s service whether it accepts the credentials, and for its models',
  request,
  responses: { 200: json(partTest, 'What came of it; a failure is one, too'), ...problems },
})
