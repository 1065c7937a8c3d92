/**
 * An MCP host: finds the agents of a running service as tools, and asks one of them.
 *
 *     asyncv start
 *     node examples/mcp-host.ts "What is 6 * 7?"        with tsx on Node 20
 *
 * MCP_URL says where the service is (default http://127.0.0.1:7400/mcp), ASYNCV_KEY holds a key if it wants one.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js'

const { MCP_URL: url = 'http://127.0.0.1:7400/mcp', ASYNCV_KEY: key } = process.env
const text = process.argv[2] ?? 'Hello! Who are you?'

const host = new Client({ name: 'example-host', version: '1.0.0' })
const headers: Record<string, string> = key === undefined ? {} : { Authorization: `Bearer ${key}` }
// The transport's class and interface disagree where optional properties are exact.
await host.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }) as Transport)

const { tools } = await host.listTools()
console.log(`Tools: ${tools.map(({ name }) => name).join(', ')}`)

const ask = tools.find(({ name }) => name.startsWith('ask_'))
if (ask === undefined) throw new Error(`${url} has no agent that this key may ask.`)
const answer = await host.callTool({ name: ask.name, arguments: { text } }, CallToolResultSchema, {
  onprogress: ({ message = '' }) => void process.stderr.write(message),
})
process.stderr.write('\n')
for (const part of answer.content as { type: string; text?: string }[]) console.log(part.text)
console.log(answer.structuredContent)
await host.close()
