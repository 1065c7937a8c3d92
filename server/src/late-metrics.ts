import type { Asyncv, AsyncvEvent, AsyncvEventType } from 'asyncv'
import type { Metrics } from './metrics.ts'

/** What metrics count as it happens. */
const counted = [
  'task.started',
  'task.finished',
  'task.failed',
  'task.cancelled',
  'task.requeued',
  'model.finished',
  'model.retried',
  'tool.finished',
] as const satisfies readonly AsyncvEventType[]

/**
 * The metrics of a runtime, for whoever asks. Their library is loaded with the first thing to count, or when they are asked for:
 * no start waits for it. The first thing is that a task starts, so it is loaded while a model thinks; what happens until it is
 * there is counted then.
 */
export function lateMetrics(asyncv: Pick<Asyncv, 'on' | 'agents'>): () => Promise<Metrics> {
  let missed: AsyncvEvent[] = []
  let loading: Promise<Metrics> | null = null
  const wanted = (): Promise<Metrics> => (loading ??= load())
  const waiting = counted.map((type) =>
    asyncv.on(type, (event) => {
      missed.push(event)
      return wanted()
    }),
  )
  return wanted

  async function load(): Promise<Metrics> {
    try {
      const { createMetrics } = await import('./metrics.ts')
      const observers: { type: AsyncvEventType; observe(event: AsyncvEvent): void }[] = []
      const on: Asyncv['on'] = (type, observer) => {
        observers.push({ type, observe: observer as (event: AsyncvEvent) => void })
        return asyncv.on(type, observer)
      }
      const metrics = createMetrics({ on, agents: () => asyncv.agents })
      for (const event of missed) for (const { type, observe } of observers) if (type === event.type) observe(event)
      return metrics
    } finally {
      // In the same turn, so that nothing is counted twice; and nothing is gathered that is never counted.
      for (const leave of waiting) leave()
      missed = []
    }
  }
}
