import { useQuery } from '@tanstack/react-query'
import { useFormats, useWords } from '../../../words/words.tsx'
import type { Watched } from '../types.ts'
import { timesOf } from './buckets.ts'
import { quantileOf, sumOf } from './metrics.ts'
import { metricsQuery } from './queries.ts'
import type { WindowTasks } from './window-tasks.ts'

/** The window in six numbers. */
export function Figures({ runtime, found }: { runtime: Watched; found: WindowTasks }) {
  const words = useWords().overview
  const { none } = useWords().ui
  const formats = useFormats()
  const samples = useQuery(metricsQuery(runtime.id)).data ?? []
  const { tasks } = found
  const failed = tasks.filter(({ state }) => state === 'failed').length
  const tokens = tasks.reduce((sum, one) => sum + one.inputTokens + one.outputTokens, 0)
  const { tookMs } = timesOf(tasks)
  const own = quantileOf(samples, 'asyncv_task_own_seconds', 0.5)
  const slowOwn = quantileOf(samples, 'asyncv_task_own_seconds', 0.95)
  const cost = sumOf(samples, 'asyncv_model_cost_total')
  const figures: [name: string, value: string, hint: string | null][] = [
    [words.messages, formats.number(tasks.length), null],
    [words.median, tookMs === null ? none : formats.duration(tookMs), words.medianHint],
    [words.own, own === null ? none : seconds(own), slowOwn === null ? null : words.ownHint(seconds(slowOwn))],
    [
      words.errors,
      formats.number(failed),
      tasks.length === 0 ? null : `${formats.number((failed / tasks.length) * 100)} %`,
    ],
    [words.tokens, formats.compact(tokens), null],
    [
      words.cost,
      cost === null || cost === 0 ? none : formats.number(cost),
      cost === null || cost === 0 ? words.noCostHint : words.costHint,
    ],
  ]
  // Histograms tell of no less than a millisecond.
  function seconds(value: number): string {
    return value < 0.001 ? `< ${formats.duration(1)}` : formats.duration(value * 1_000)
  }
  return (
    <dl aria-label={words.figures} className="mb-8 grid grid-cols-2 gap-x-6 gap-y-5 sm:grid-cols-3 xl:grid-cols-6">
      {figures.map(([name, value, hint]) => (
        <div key={name} className="min-w-0 border-line border-l-2 pl-3">
          <dt className="text-sm text-soft">{name}</dt>
          <dd className="font-semibold text-xl">{value}</dd>
          {hint && <dd className="text-faint text-xs">{hint}</dd>}
        </div>
      ))}
    </dl>
  )
}
