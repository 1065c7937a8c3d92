import { Client as Client2026, StreamableHTTPClientTransport as Http2026 } from '@modelcontextprotocol/client'
import { Client as Client2025 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as Http2025 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

const info = { name: 'test', version: '1' }

/** A host of the revisions of 2025, by the SDK of that time. */
export async function host2025(url: string, headers: Record<string, string> = {}): Promise<Client2025> {
  const client = new Client2025(info)
  // Its own class does not fit its own interface where optional properties are exact.
  await client.connect(new Http2025(new URL(`${url}/mcp`), { requestInit: { headers } }) as never)
  return client
}

/** A host of the revision of 2026-07-28. */
export async function host2026(url: string, headers: Record<string, string> = {}): Promise<Client2026> {
  const client = new Client2026(info, { versionNegotiation: { mode: { pin: '2026-07-28' } } })
  await client.connect(new Http2026(new URL(`${url}/mcp`), { requestInit: { headers } }) as never)
  return client
}
