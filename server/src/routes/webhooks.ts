import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Asyncv } from 'asyncv'
import { readBytes } from '../body.ts'
import { identified } from '../request-id.ts'
import { unknownRoute } from '../unmatched.ts'

/**
 * What chat platforms send. No key is asked for: the platform has none, and the connector looks at its signature or secret
 * before anything else. It gets the body as it came, since a signature is of bytes.
 */
export function webhookRoute(app: OpenAPIHono, { webhook }: Pick<Asyncv, 'webhook'>, maxBodyBytes: number): void {
  app.on(['GET', 'POST'], `${webhookPath}:name`, async (c) => {
    const { method, url, headers } = c.req.raw
    const body = method === 'GET' || method === 'HEAD' ? null : await readBytes(c.req, maxBodyBytes)
    const request = new Request(url, { method, headers, body: body as Uint8Array<ArrayBuffer> | null })
    const response = await webhook(c.req.param('name'), request).catch(asError)
    if (response !== null) return identified(response, c)
    // A connector that takes nothing over HTTP and one that is not there are the same to a stranger.
    throw unknownRoute(c.req.path)
  })
}

export const webhookPath = '/connectors/'

/** Hono takes nothing else for a failure, and a connector is a program of somebody. */
function asError(thrown: unknown): never {
  throw thrown instanceof Error ? thrown : new Error(`The connector threw what is no error: ${String(thrown)}`)
}
