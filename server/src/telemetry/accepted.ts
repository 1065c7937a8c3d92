import type { Logger, Receipted } from 'asyncv'
import type { Context } from 'hono'
import { requestId } from '../request-id.ts'
import { traceOf } from './request-spans.ts'
import type { TaskSpans } from './task-spans.ts'

/** Ties a request to the task that was made for it: in the log by a line with the ids of both, in traces as its parent. */
export function noteAccepted(
  c: Context,
  { task, session, message, duplicate }: Receipted,
  { taskSpans, logger }: { taskSpans: TaskSpans; logger: Logger },
): void {
  const trace = traceOf(c)
  if (trace !== null && !duplicate) taskSpans.begun(task, trace)
  const ids = {
    requestId: requestId(c),
    task,
    session,
    message,
    ...(trace === null ? {} : { traceId: trace.traceId }),
  }
  logger.debug(ids, duplicate ? 'a request joined a task' : 'a request made a task')
}
