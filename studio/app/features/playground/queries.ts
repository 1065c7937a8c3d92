import { queryOptions } from '@tanstack/react-query'
import { agentSummary, step, task } from 'asyncv/schemas'
import { z } from 'zod'
import { request } from '../../api/request.ts'

export type Step = z.output<typeof step>
export type Task = z.output<typeof task>

/** ms; a release changes them. */
const calmMs = 15_000

/** The agents that a runtime has now. */
export const runningAgentsQuery = (runtime: string) =>
  queryOptions({
    queryKey: ['playground', runtime, 'agents'],
    queryFn: ({ signal }) =>
      request(z.object({ data: z.array(agentSummary) }), `${pathOf(runtime)}/agents`, { signal }),
    refetchInterval: calmMs,
  })

/** A task that is over, and its steps: neither changes any more. */
export const finishedTaskQuery = (runtime: string, id: string) =>
  queryOptions({
    queryKey: ['playground', runtime, 'task', id],
    async queryFn({ signal }) {
      const path = `${pathOf(runtime)}/tasks/${encodeURIComponent(id)}`
      const [of, steps] = await Promise.all([
        request(task, path, { signal }),
        request(z.object({ data: z.array(step) }), `${path}/steps`, { signal, query: { limit: 200 } }),
      ])
      return { task: of, steps: steps.data }
    },
    staleTime: Number.POSITIVE_INFINITY,
  })

export function pathOf(runtime: string): string {
  return `/runtimes/${encodeURIComponent(runtime)}/v1`
}
