import type { OpenAPIHono } from '@hono/zod-openapi'
import { problemTitles } from './problem-codes.ts'
import { version } from './version.ts'

export type OpenapiDocument = ReturnType<OpenAPIHono['getOpenAPI31Document']>

/** What the routes of a service are, as OpenAPI 3.1 says it. */
export function openapiDocument(app: OpenAPIHono, basePath: string): OpenapiDocument {
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'asyncv runtime',
      version,
      description: description(),
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [{ url: basePath === '' ? '/' : basePath, description: 'This service' }],
    tags: Object.entries(tags).map(([name, about]) => ({ name, description: about })),
    security: [{ key: [] }],
  })
}

/** To be called once, before the document is made. */
export function describeKeys(app: OpenAPIHono): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'avk_<id>_<secret>',
    description: 'A key that `asyncv keys create` made. Until the first one is made, this machine needs none.',
  })
}

const tags: Record<string, string> = {
  Messages: 'Ask an agent: the answer whole, as a stream, or later.',
  Agents: 'Who can be asked.',
  Tasks: 'What becomes of a message: its states, its steps, its way.',
  Sessions: 'Conversations, and what was said in them.',
  Deliveries: 'What is sent to chat platforms.',
  Files: 'Files for messages to name.',
  Events: 'What happens, for readers that come back.',
  OpenAI: 'The same agents, as OpenAI’s clients ask for them.',
  Health: 'How the service is doing.',
}

function description(): string {
  return [
    'Ask agents, and see what became of it. Everything that is not an answer is a problem (RFC 9457), whose `code` is one of',
    `${Object.keys(problemTitles)
      .map((code) => `\`${code}\``)
      .join(', ')}.`,
    'Each answer has its `X-Request-Id`. Beside these routes there are `/mcp` for MCP hosts and `/connectors/{name}` for what chat',
    'platforms send.',
  ].join(' ')
}
