import type { OpenAPIHono } from '@hono/zod-openapi'
import type { McpHttpHandler } from '@modelcontextprotocol/server'
import type { Context } from 'hono'
import type { ProblemDocument } from '../problem.ts'
import { identified } from '../request-id.ts'
import type { RouteParts } from '../route-parts.ts'
import type { Caller } from '../service/caller.ts'

/** What a request brings along to the server that is made for it. */
interface Asked {
  caller: Caller
  describe(error: unknown): ProblemDocument
}

/**
 * Streamable HTTP (modelcontextprotocol.io, "Transports"), without sessions: the revision of 2026-07-28, where a stream that
 * its client closes is a request that is cancelled, and those of 2025, where it is not. Each request gets a server and a
 * transport of its own, so that requests of two clients cannot meet, whatever their ids. Where there are no sessions there is none
 * to listen to or to end: GET and DELETE are refused, as the transport says.
 */
export function mcpRoute(app: OpenAPIHono, { callerOf, body, describe, streams }: RouteParts): void {
  let handler: Promise<McpHttpHandler> | null = null
  const serve = async (c: Context, parsedBody: unknown): Promise<Response> => {
    handler ??= createHandler()
    const asked: Asked = { caller: callerOf(c), describe: (error) => describe(error, c) }
    const options = { authInfo: { token: '', clientId: '', scopes: [], extra: { asked } } }
    const { fetch } = await handler
    const answer = await streams.counted(() => fetch(c.req.raw, { ...options, parsedBody }))
    return identified(answer, c)
  }
  app.post(mcpPath, body, async (c) => serve(c, await c.req.json()))
}

export const mcpPath = '/mcp'

/** Loaded when the first host calls. */
async function createHandler(): Promise<McpHttpHandler> {
  const [{ createMcpHandler }, { createMcpServer }] = await Promise.all([
    import('@modelcontextprotocol/server'),
    import('./server.ts'),
  ])
  return createMcpHandler(({ authInfo, era }) => {
    // What `serve` passed; nothing of it has been on a wire.
    const asked = authInfo?.extra?.['asked'] as Asked
    return createMcpServer({ ...asked, cancelOnAbort: era === 'modern' })
  })
}
