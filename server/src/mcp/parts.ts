import type { ProblemDocument } from '../problem.ts'
import type { Caller } from '../service/caller.ts'

/** What a caller has to be able to do for an MCP host to work with it. */
export type McpCaller = Pick<
  Caller,
  'agents' | 'stream' | 'accept' | 'task' | 'ended' | 'cancel' | 'sessions' | 'session' | 'messages'
>

export interface McpServerParts {
  caller: McpCaller
  /** What a caller hears of a failure. */
  describe(error: unknown): ProblemDocument
  /** Whether a request that ends early takes its task with it; see `ask_<agent>`. */
  cancelOnAbort: boolean
}
