import { type McpServer, ProtocolError, ProtocolErrorCode, ResourceNotFoundError } from '@modelcontextprotocol/server'
import { textOf } from 'asyncv'
import type { McpCaller, McpServerParts } from './parts.ts'

const scheme = 'asyncv://sessions/'
const mimeType = 'application/json'
/** Sessions on a page. */
const pageSize = 50
/** Messages of a session that are shown, from its end. */
const maxMessages = 100

/** Sessions, newest first; read, one is what was said in it. */
export function addSessionResources({ server }: McpServer, { caller, describe }: McpServerParts): void {
  server.setRequestHandler('resources/list', ({ params }) =>
    told(async () => {
      const cursor = params?.cursor
      const { data, nextCursor } = await caller.sessions({
        limit: pageSize,
        ...(cursor === undefined ? {} : { cursor }),
      })
      const resources = data.map(({ id, agent, address, lastAt }) => ({
        uri: scheme + id,
        name: address,
        description: `A conversation with ${agent}`,
        mimeType,
        annotations: { lastModified: new Date(lastAt).toISOString() },
      }))
      return { resources, ...(nextCursor === null ? {} : { nextCursor }) }
    }),
  )
  server.setRequestHandler('resources/templates/list', async () => ({
    resourceTemplates: [
      { uriTemplate: `${scheme}{session}`, name: 'session', description: 'What was said in a session', mimeType },
    ],
  }))
  server.setRequestHandler('resources/read', ({ params: { uri } }) =>
    told(async () => {
      if (!uri.startsWith(scheme)) throw new ResourceNotFoundError(uri)
      const session = await caller.session(uri.slice(scheme.length)).catch((error: unknown) => {
        throw describe(error).status === 404 ? new ResourceNotFoundError(uri) : error
      })
      const text = JSON.stringify({ session, said: await said(session.id, caller) }, null, 2)
      return { contents: [{ uri, mimeType, text }] }
    }),
  )

  /** Failures of ours in the words of the protocol. */
  async function told<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof ProtocolError) throw error
      const problem = describe(error)
      const code = problem.status < 500 ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError
      throw new ProtocolError(code, [problem.detail, problem.hint].filter(Boolean).join(' '), problem)
    }
  }
}

/** The last messages with their answers, oldest first. */
async function said(session: string, caller: McpCaller): Promise<{ role: 'user' | 'assistant'; text: string }[]> {
  const { data } = await caller.messages(session, { limit: maxMessages, order: 'newest' })
  const turns = await Promise.all(
    data.toReversed().map(async ({ parts, task }) => {
      const reply = task === null ? null : (await caller.task(task)).reply
      return [
        { role: 'user' as const, text: textOf(parts) },
        ...(reply === null ? [] : [{ role: 'assistant' as const, text: textOf(reply) }]),
      ]
    }),
  )
  return turns.flat()
}
