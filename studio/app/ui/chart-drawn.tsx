import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Formats } from '../words/formats.ts'
import { colourOf, type Series } from './series.ts'
import { useStore } from './store.ts'
import { drawnTheme } from './theme.ts'

interface DrawnProps {
  times: readonly number[]
  series: readonly Series[]
  height: number
  whole: boolean
  format(value: number): string
  formats: Formats
}

export default function ChartDrawn({ times, series, height, whole, format, formats }: DrawnProps) {
  const place = useRef<HTMLDivElement>(null)
  const theme = useStore(drawnTheme)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a canvas takes its colours when it is drawn, so it is drawn anew for a theme.
  useEffect(() => {
    const parent = place.current
    if (!parent) return
    const colour = (name: string): string => resolved(parent, name)
    const axis = {
      stroke: colour('--color-faint'),
      grid: { stroke: colour('--color-line'), width: 1 },
      ticks: { show: false },
    }
    const font = `11px ${getComputedStyle(document.body).fontFamily}`
    const plot = new UPlot(
      {
        width: parent.clientWidth,
        height,
        // To the right as much as half of the last label of the times.
        padding: [8, 18, 0, 0],
        legend: { show: false },
        cursor: { y: false, points: { size: 6 } },
        scales: { y: { range: (_, __, most) => [0, Math.max(1, (most || 0) * 1.1)] } },
        axes: [
          { ...axis, font, size: 24, values: (_, ticks) => labels(ticks) },
          { ...axis, font, size: 48, values: (_, ticks) => ticks.map(format), ...(whole ? { incrs: wholeSteps } : {}) },
        ],
        series: [
          {},
          ...series.map((one, at) => {
            const stroke = colour(colourOf(at))
            return {
              label: one.name,
              stroke,
              width: 1.5,
              points: {
                show: true,
                size: 5,
                fill: stroke,
                filter: (plot: UPlot, at: number) => lonely(plot.data[at] ?? []),
              },
              ...(one.area ? { fill: `color-mix(in srgb, ${stroke} 12%, transparent)` } : {}),
            }
          }),
        ],
        hooks: { setCursor: [(now) => showTip(now, parent, series, format, formats)] },
      },
      [times.map((time) => time / 1_000), ...series.map((one) => [...one.values])],
      parent,
    )
    const watch = new ResizeObserver(() => plot.setSize({ width: parent.clientWidth, height }))
    watch.observe(parent)
    return () => {
      watch.disconnect()
      plot.destroy()
    }
  }, [times, series, height, whole, format, formats, theme])
  return (
    <div ref={place} className="relative [&_.u-over]:cursor-crosshair">
      <div
        data-tip=""
        hidden
        className="overlay pointer-events-none absolute top-0 z-10 whitespace-pre rounded-md px-2 py-1 text-xs"
      />
    </div>
  )
}

/** A custom property as the colour that it is in this theme: a canvas knows neither `var` nor `light-dark`. */
function resolved(parent: Element, name: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${name})`
  parent.append(probe)
  const colour = getComputedStyle(probe).color
  probe.remove()
  return colour
}

/** 1, 2, 5, 10, 20, … */
const wholeSteps = Array.from({ length: 36 }, (_, at) => [1, 2, 5][at % 3]! * 10 ** Math.floor(at / 3))

/** Values with a gap on either side: no line leads to them, so they are drawn as points. */
function lonely(values: ArrayLike<number | null | undefined>): number[] {
  return Array.from(values).flatMap((value, at) =>
    value != null && values[at - 1] == null && values[at + 1] == null ? [at] : [],
  )
}

/** Hours within a day, days beyond it. */
function labels(ticks: readonly number[]): string[] {
  const first = ticks[0] ?? 0
  const isLong = (ticks.at(-1) ?? 0) - first > 36 * 3_600
  return ticks.map((tick) => {
    const at = new Date(tick * 1_000)
    const two = (value: number): string => String(value).padStart(2, '0')
    return isLong ? `${at.getMonth() + 1}-${two(at.getDate())}` : `${two(at.getHours())}:${two(at.getMinutes())}`
  })
}

function showTip(
  plot: UPlot,
  parent: HTMLElement,
  series: readonly Series[],
  format: (value: number) => string,
  formats: Formats,
): void {
  const tip = parent.querySelector<HTMLElement>('[data-tip]')
  if (!tip) return
  const at = plot.cursor.idx
  const left = plot.cursor.left ?? -1
  tip.hidden = at === null || at === undefined || left < 0
  if (at === null || at === undefined) return
  const lines = series.map((one) => {
    const value = one.values[at]
    return `${one.name}  ${value === null || value === undefined ? '–' : format(value)}`
  })
  tip.textContent = [formats.time((plot.data[0][at] ?? 0) * 1_000), ...lines].join('\n')
  const x = left + plot.bbox.left / devicePixelRatio
  tip.style.left = `${x > parent.clientWidth / 2 ? x - tip.offsetWidth - 12 : x + 12}px`
}
