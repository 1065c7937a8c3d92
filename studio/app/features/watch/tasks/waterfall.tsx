import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { classes } from '../../../ui/classes.ts'
import { useNow } from '../../../ui/now.ts'
import { Badge } from '../../../ui/status.tsx'
import { useFormats, useWords } from '../../../words/words.tsx'
import type { Delivery, Step, Task } from '../types.ts'
import { RowDetail } from './row-detail.tsx'
import { isOpen } from './queries.ts'
import { isToolError } from './step-content.ts'
import { type WaterfallRow, waterfallOf } from './waterfall-rows.ts'

export interface WaterfallProps {
  task: Task
  steps: readonly Step[]
  deliveries: readonly Delivery[]
}

/** A task as bars over time; each opens what went in and what came out. */
export function Waterfall({ task, steps, deliveries }: WaterfallProps) {
  const words = useWords().tasks
  const formats = useFormats()
  const now = useNow(250, isOpen(task))
  const { rows, start, end, slowest } = waterfallOf(task, steps, deliveries, now)
  const [open, setOpen] = useState<string | null>(null)
  const whole = Math.max(1, end - start)
  return (
    <div>
      <div
        className="hidden gap-3 border-line border-b pr-2 pb-1.5 pl-7 text-faint text-xs sm:grid sm:grid-cols-[12rem_minmax(0,1fr)_9rem]"
        aria-hidden
      >
        <span>{words.what}</span>
        <span className="flex justify-between">
          <span>0</span>
          <span>{formats.duration(whole / 2)}</span>
          <span>{formats.duration(whole)}</span>
        </span>
        <span className="text-right">{words.took}</span>
      </div>
      <ol aria-label={words.steps}>
        {rows.map((row) => (
          <li key={row.id} className="border-line border-b">
            <Bar
              row={row}
              now={now}
              start={start}
              whole={whole}
              isSlowest={row.id === slowest}
              isOpen={open === row.id}
              onToggle={() => setOpen(open === row.id ? null : row.id)}
            />
            {open === row.id && <RowDetail row={row} />}
          </li>
        ))}
      </ol>
    </div>
  )
}

const colours: Record<WaterfallRow['kind'], string> = {
  wait: 'bg-faint/60',
  own: 'bg-faint/60',
  unfinished: 'bg-series-3',
  input: 'bg-ink',
  model: 'bg-series-1',
  tool: 'bg-series-2',
  delivery: 'bg-series-4',
}

interface BarProps {
  row: WaterfallRow
  now: number
  start: number
  whole: number
  isSlowest: boolean
  isOpen: boolean
  onToggle(): void
}

function Bar({ row, now, start, whole, isSlowest, isOpen, onToggle }: BarProps) {
  const words = useWords().tasks
  const formats = useFormats()
  const ms = (row.end ?? now) - row.start
  const isBad = row.step?.state === 'unknown' || isToolError(row.step) || row.delivery?.error != null
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={onToggle}
      className={classes(
        'grid w-full grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 py-2 pr-2 text-left text-sm hover:bg-hover focus-visible:-outline-offset-2 sm:grid-cols-[1rem_12rem_minmax(0,1fr)_9rem]',
      )}
    >
      <ChevronRight className={classes('size-4 text-faint', isOpen && 'rotate-90')} aria-hidden />
      <span className="flex min-w-0 items-center gap-2">
        <span className="truncate">
          {words.kinds[row.kind]}
          {row.name && <span className="ml-1.5 text-soft">{row.name}</span>}
        </span>
      </span>
      <span className="order-last col-span-3 col-start-1 flex min-w-0 items-center gap-2 sm:order-none sm:col-span-1 sm:col-start-auto">
        <span className="relative h-3 min-w-0 flex-1 rounded-sm bg-sunken">
          <span
            className={classes(
              'absolute inset-y-0 min-w-0.5 rounded-sm',
              isBad ? 'bg-danger' : colours[row.kind],
              row.end === null && 'animate-breathe',
            )}
            style={{ left: `${((row.start - start) / whole) * 100}%`, width: `${(ms / whole) * 100}%` }}
          />
        </span>
      </span>
      <span className="flex items-center justify-end gap-2 whitespace-nowrap">
        {isSlowest && <Badge kind="warn">{words.slowest}</Badge>}
        <span className={isSlowest ? 'font-semibold text-warn' : 'text-soft'}>{formats.duration(ms)}</span>
      </span>
    </button>
  )
}
