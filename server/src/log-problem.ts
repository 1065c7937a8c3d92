import { type Logger, toErrorRecord } from 'asyncv'
import type { ProblemDocument } from './problem.ts'

/**
 * Writes the line that a problem's request id leads to. A bug is loud. All else is the caller's affair or has a line of
 * its own, as a task that failed has in the runtime's log, so it is there only for whoever looks for it. What the problem
 * tells is left out: it may quote what a caller or a service wrote.
 */
export function logProblem(
  logger: Logger,
  { requestId, status, code, task }: ProblemDocument,
  request: { method?: string; path?: string; traceId?: string },
  error: unknown,
): void {
  const fields = { requestId, ...request, status, code, ...(task === undefined ? {} : { task }) }
  if (status !== 500 || task !== undefined) return logger.debug(fields, 'a request was answered with a problem')
  const stack = error instanceof Error ? error.stack : undefined
  logger.error({ ...fields, error: toErrorRecord(error), stack }, 'a request failed')
}
