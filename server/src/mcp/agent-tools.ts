import type { CallToolResult, McpServer, ServerContext } from '@modelcontextprotocol/server'
import type { AgentSummary, SendInput } from 'asyncv'
import { taskState, usage } from 'asyncv/schemas'
import { z } from 'zod'
import { failure } from './failure.ts'
import { progressOf } from './progress.ts'
import type { McpServerParts } from './parts.ts'

const question = z.object({
  text: z.string().min(1).max(1_000_000).describe('The message'),
  session: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('The conversation to go on with; without it a new one begins'),
  idempotencyKey: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Makes it safe to repeat the call: a repeat joins the task in flight or gets its answer'),
  background: z
    .boolean()
    .optional()
    .describe('Return as soon as the message is on disk; ask for the answer with tasks_get'),
  metadata: z.record(z.string(), z.unknown()).optional().describe('Handed to the agent’s tools'),
})

const answer = z.object({
  task: z.string(),
  session: z.string().describe('Pass it as session to go on with this conversation'),
  state: taskState,
  text: z.string().optional().describe('The answer, once the state is done'),
  usage: usage.optional(),
})

/** A tool for each agent that the caller may use. */
export function addAgentTools(server: McpServer, parts: McpServerParts): void {
  for (const agent of parts.caller.agents) {
    server.registerTool(
      `ask_${agent.name}`,
      {
        title: `Ask ${agent.name}`,
        description: describeAgent(agent),
        inputSchema: question,
        outputSchema: answer,
        // Its tools may do anything; a repeat without a key is a new question.
        annotations: { readOnlyHint: false, idempotentHint: false, openWorldHint: true },
      },
      async (asked, context) => {
        try {
          return await ask(agent.name, asked, context, parts)
        } catch (error) {
          return failure(parts.describe(error))
        }
      },
    )
  }
}

function describeAgent({ name, tools }: AgentSummary): string {
  const able = tools.length === 0 ? '' : ` It has tools of its own: ${tools.join(', ')}.`
  return `Gives a message to the agent "${name}" and returns its answer.${able}`
}

async function ask(
  agent: string,
  asked: z.infer<typeof question>,
  context: ServerContext,
  { caller, cancelOnAbort }: McpServerParts,
): Promise<CallToolResult> {
  const input = toInput(agent, asked)
  if (asked.background === true) {
    const { task, session } = await caller.accept(input)
    return answered(`Task ${task} is under way. Ask for its answer with tasks_get.`, { task, session, state: 'queued' })
  }
  const { signal } = context.mcpReq
  const progress = progressOf(context)
  for await (const event of caller.stream(input, { signal, cancelOnAbort })) {
    if (event.type !== 'task.finished') {
      await progress.take(event)
      continue
    }
    await progress.end()
    const { task, session, text, usage: used } = event
    return answered(text, { task, session, state: 'done', text, usage: used })
  }
  // Only a caller that has left gets here, and nobody reads this.
  return { isError: true, content: [] }
}

function answered(text: string, structuredContent: z.infer<typeof answer>): CallToolResult {
  return { content: [{ type: 'text', text }], structuredContent }
}

function toInput(agent: string, { text, session, idempotencyKey, metadata }: z.infer<typeof question>): SendInput {
  return {
    agent,
    text,
    ...(session === undefined ? {} : { session }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(metadata === undefined ? {} : { metadata }),
  }
}
