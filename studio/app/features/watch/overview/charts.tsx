import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { Chart } from '../../../ui/chart.tsx'
import { useFormats, useWords } from '../../../words/words.tsx'
import type { Watched } from '../types.ts'
import { bucketsOf, medianOf, windowMs } from './buckets.ts'
import type { Window } from './windows.ts'
import { ownTimesQuery, sampleEach } from './queries.ts'
import type { WindowTasks } from './window-tasks.ts'

export interface ChartsProps {
  runtime: Watched
  window: Window
  found: WindowTasks
  /** When the tasks were read, ms since 1970. */
  readAt: number
}

/** The window over time. */
export function Charts({ runtime, window, found, readAt }: ChartsProps) {
  const words = useWords().overview
  const formats = useFormats()
  const sampled = useQuery(ownTimesQuery(runtime.id, window, found)).data
  const drawn = useMemo(() => {
    const buckets = bucketsOf(found.tasks, window, readAt)
    const { bucket } = windowMs[window]
    const own = buckets.map(({ at }) =>
      medianOf((sampled ?? []).filter((one) => one.at >= at && one.at < at + bucket).map(({ ms }) => ms)),
    )
    const { series } = words
    return {
      times: buckets.map(({ at }) => at),
      messages: [{ name: series.messages, values: buckets.map((one) => one.messages), area: true }],
      errors: [{ name: series.failed, values: buckets.map((one) => one.failed), area: true }],
      took: [
        { name: series.took, values: buckets.map((one) => one.tookMs) },
        { name: series.waited, values: buckets.map((one) => one.waitedMs) },
      ],
      own: [{ name: series.own, values: own }],
      tokens: [
        { name: series.input, values: buckets.map((one) => one.inputTokens), area: true },
        { name: series.output, values: buckets.map((one) => one.outputTokens), area: true },
      ],
    }
  }, [found, window, readAt, sampled, words])
  const { times } = drawn
  return (
    <div className="grid gap-x-8 gap-y-8 md:grid-cols-2 xl:grid-cols-6 [&>*]:xl:col-span-2 [&>*:nth-child(n+4)]:xl:col-span-3">
      <Framed title={words.charts.messages}>
        <Chart label={words.charts.messages} times={times} whole series={drawn.messages} />
      </Framed>
      <Framed title={words.charts.errors}>
        <Chart label={words.charts.errors} times={times} whole series={drawn.errors} />
      </Framed>
      <Framed title={words.charts.tokens}>
        <Chart label={words.charts.tokens} times={times} whole series={drawn.tokens} />
      </Framed>
      <Framed title={words.charts.times}>
        <Chart label={words.charts.times} times={times} whole series={drawn.took} format={formats.duration} />
      </Framed>
      <Framed title={words.charts.own} text={words.sampled(sampleEach)}>
        <Chart label={words.charts.own} times={times} whole series={drawn.own} format={formats.duration} />
      </Framed>
    </div>
  )
}

function Framed({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <section className="min-w-0">
      <h3 className="mb-2 flex flex-wrap items-baseline gap-x-2 font-medium text-sm">
        {title}
        {text && <span className="font-normal text-faint text-xs">{text}</span>}
      </h3>
      {children}
    </section>
  )
}
