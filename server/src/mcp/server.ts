/**
 * The runtime as an MCP server sees a caller: each agent is a tool, tasks can be looked at and cancelled, sessions are
 * resources. One instance serves one request over HTTP and one connection over stdio; it keeps nothing.
 */
import { McpServer } from '@modelcontextprotocol/server'
import { version } from '../version.ts'
import { addAgentTools } from './agent-tools.ts'
import type { McpServerParts } from './parts.ts'
import { addSessionResources } from './session-resources.ts'
import { addTaskTools } from './task-tools.ts'

export function createMcpServer(parts: McpServerParts): McpServer {
  const server = new McpServer(
    { name: 'asyncv', title: 'asyncv', version },
    { capabilities: { tools: {}, resources: {} }, instructions },
  )
  addAgentTools(server, parts)
  addTaskTools(server, parts)
  addSessionResources(server, parts)
  return server
}

const instructions = [
  'Each tool ask_<agent> gives a message to an agent and returns its answer. Pass the returned `session` again to go on',
  'with a conversation. For long work say `background: true` and ask for the answer with tasks_get.',
].join(' ')
