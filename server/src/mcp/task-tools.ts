import type { CallToolResult, McpServer } from '@modelcontextprotocol/server'
import { type Task, textOf } from 'asyncv'
import { errorRecord, taskState, usage } from 'asyncv/schemas'
import { z } from 'zod'
import { answering } from '../service/answering.ts'
import { maxWaitMs } from '../service/caller.ts'
import { failure } from './failure.ts'
import type { McpServerParts } from './parts.ts'

const which = z.object({ task: z.string().describe('As ask_<agent> returned it') })
const wait = z.int().min(0).max(maxWaitMs).optional().describe('How long to wait for the end, ms; default 0')

const seen = z.object({
  task: z.string(),
  agent: z.string(),
  state: taskState,
  text: z.string().optional().describe('The answer, once the state is done'),
  error: errorRecord.optional(),
  usage,
  into: z.string().optional().describe('The task that took its message up; the state and the answer are those of that'),
})

export function addTaskTools(server: McpServer, { caller, describe }: McpServerParts): void {
  server.registerTool(
    'tasks_get',
    {
      title: 'Look at a task',
      description: 'Returns the state of a task, and its answer once it is done.',
      inputSchema: which.extend({ waitMs: wait }),
      outputSchema: seen,
      annotations: { readOnlyHint: true },
    },
    ({ task, waitMs = 0 }, { mcpReq }) => attempt(() => caller.ended(task, { waitMs, signal: mcpReq.signal })),
  )
  server.registerTool(
    'tasks_cancel',
    {
      title: 'Cancel a task',
      description: 'Ends a task that is queued or running; one that has ended stays as it is.',
      inputSchema: which,
      outputSchema: seen,
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
    },
    ({ task }) => attempt(() => caller.cancel(task)),
  )

  async function attempt(look: () => Promise<Task>): Promise<CallToolResult> {
    try {
      const task = await look()
      return toResult(task, await answering(task, (id) => caller.task(id)))
    } catch (error) {
      return failure(describe(error))
    }
  }
}

function toResult({ id, agent }: Task, answered: Task): CallToolResult {
  const { state, reply, error, usage: used } = answered
  const text = reply === null ? undefined : textOf(reply)
  const said = text ?? (error === null ? `The task is ${state}.` : `The task is ${state}: ${error.message}`)
  return {
    content: [{ type: 'text', text: said }],
    structuredContent: {
      task: id,
      agent,
      state,
      usage: used,
      ...(text === undefined ? {} : { text }),
      ...(error === null ? {} : { error }),
      ...(answered.id === id ? {} : { into: answered.id }),
    },
  }
}
