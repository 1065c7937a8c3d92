import { lazy, Suspense } from 'react'
import { useFormats, useWords } from '../words/words.tsx'
import { classes } from './classes.ts'
import { type Series, swatchOf } from './series.ts'
import { Skeleton } from './skeleton.tsx'

export interface ChartProps {
  /** What is drawn, for who does not see it. */
  label: string
  /** ms since 1970, ascending. */
  times: readonly number[]
  /** Up to four. */
  series: readonly Series[]
  /** px; default 160. */
  height?: number
  /** Values are whole, and so are the marks of the axis. Default false. */
  whole?: boolean
  /** How a value is written; default a number. */
  format?(value: number): string
}

const Drawn = lazy(() => import('./chart-drawn.tsx'))

/** Values over time, drawn by uPlot, which is loaded with the first chart. The same numbers are a table for screen readers. */
export function Chart(props: ChartProps) {
  const { label, times, series, height = 160, whole = false } = props
  const formats = useFormats()
  const words = useWords().ui
  const format = props.format ?? formats.compact
  return (
    <figure className="relative min-w-0">
      <figcaption className="sr-only">{label}</figcaption>
      <div aria-hidden>
        <Suspense fallback={<Skeleton className="w-full" />}>
          <div style={{ height }}>
            <Drawn times={times} series={series} height={height} whole={whole} format={format} formats={formats} />
          </div>
        </Suspense>
        {series.length > 1 && (
          <div className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-soft text-xs">
            {series.map((one, at) => (
              <span key={one.name} className="inline-flex items-center gap-1.5">
                <span className={classes('h-0.5 w-3 rounded-full', swatchOf(at))} />
                {one.name}
              </span>
            ))}
          </div>
        )}
      </div>
      {/* A table takes no width from a class, so what hides it is around it. */}
      <div className="sr-only">
        <table>
          <caption>{words.chartOf(label)}</caption>
          <thead>
            <tr>
              <th scope="col">{words.chartTime}</th>
              {series.map((one) => (
                <th key={one.name} scope="col">
                  {one.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {times.map((time, at) => (
              <tr key={time}>
                <th scope="row">{formats.time(time)}</th>
                {series.map((one) => {
                  const value = one.values[at]
                  return <td key={one.name}>{value === null || value === undefined ? words.none : format(value)}</td>
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  )
}
