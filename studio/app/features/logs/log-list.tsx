import { ArrowDown } from 'lucide-react'
import { type KeyboardEvent, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { useWords } from '../../words/words.tsx'
import type { Kept } from './log-filter.ts'
import { LogRow } from './log-row.tsx'
import { firstFrom, placeOf, rowAt, rowHeight, type Taller, topOf } from './log-window.ts'

/** Rows that are drawn above and below those in view. */
const around = 12
/** px from the end within which one still follows. */
const nearPx = 40

export interface LogListProps {
  rows: readonly Kept[]
}

/** The lines in view and a few around them. It stays at the end while lines come, until somebody scrolls up or opens one. */
export function LogList({ rows }: LogListProps) {
  const words = useWords().logs
  const box = useRef<HTMLElement>(null)
  const [view, setView] = useState({ top: 0, height: 600 })
  const [following, setFollowing] = useState(true)
  // How much higher each open line is, by its number.
  const [heights, setHeights] = useState<ReadonlyMap<number, number>>(new Map())
  const open = useMemo(() => placed(heights, rows), [heights, rows])
  useStaying(box, rows, following)
  useLayoutEffect(() => {
    if (!box.current) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setView((now) => ({ ...now, height: entry.contentRect.height }))
    })
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [])
  const toggle = useCallback((n: number) => {
    setFollowing(false)
    setHeights((now) => {
      const next = new Map(now)
      if (!next.delete(n)) next.set(n, 0)
      return next
    })
  }, [])
  const measure = useCallback((n: number, height: number) => {
    const by = Math.max(0, height - rowHeight)
    setHeights((now) => (now.has(n) && now.get(n) !== by ? new Map(now).set(n, by) : now))
  }, [])
  const toEnd = (): void => {
    setFollowing(true)
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  }
  const length = topOf(rows.length, open)
  // At the end without waiting for the browser to say that it scrolled there: nothing is ever blank for a moment.
  const top = following ? length - view.height : Math.min(view.top, length - view.height)
  const from = Math.max(0, rowAt(top, open) - around)
  const to = Math.min(rows.length, rowAt(top + view.height, open) + around)
  return (
    <div className="relative min-h-0 flex-1">
      <section
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
        tabIndex={0}
        aria-label={words.lines}
        className="absolute inset-0 overflow-y-auto rounded-md border border-edge bg-sunken font-mono text-xs outline-offset-0 [overflow-anchor:none]"
        onScroll={(event) => {
          const { scrollHeight, scrollTop, clientHeight } = event.currentTarget
          setFollowing(scrollHeight - scrollTop - clientHeight < nearPx)
          setView({ top: scrollTop, height: clientHeight })
        }}
        onKeyDown={(event) => walk(event, toEnd)}
      >
        <ul className="relative" style={{ height: length }}>
          {rows.slice(from, to).map((row, offset) => {
            const at = from + offset
            return (
              <li
                key={row.n}
                data-index={at}
                aria-posinset={at + 1}
                aria-setsize={rows.length}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${topOf(at, open)}px)` }}
              >
                <LogRow row={row} open={heights.has(row.n)} onToggle={toggle} onHeight={measure} />
              </li>
            )
          })}
        </ul>
      </section>
      {!following && rows.length > 0 && (
        <div className="absolute right-5 bottom-3">
          <Button size="small" icon={<ArrowDown className="size-3.5" aria-hidden />} onClick={toEnd}>
            {words.toEnd}
          </Button>
        </div>
      )}
    </div>
  )
}

/** The open lines by their places. */
function placed(heights: ReadonlyMap<number, number>, rows: readonly Kept[]): Taller[] {
  return [...heights]
    .map(([n, by]) => ({ at: placeOf(n, rows), by }))
    .filter(({ at }) => at !== -1)
    .sort((one, other) => one.at - other.at)
}

/** At the end while one follows it; else where one reads, also when lines above are given up. */
function useStaying(box: { current: HTMLElement | null }, rows: readonly Kept[], following: boolean): void {
  const last = useRef(rows)
  useLayoutEffect(() => {
    const before = last.current
    last.current = rows
    if (!box.current) return
    if (following) box.current.scrollTop = box.current.scrollHeight
    else if (before !== rows && rows[0]) box.current.scrollTop -= firstFrom(rows[0].n, before) * rowHeight
  }, [box, rows, following])
}

/** Arrow keys, j and k walk from line to line; End goes to the newest. */
function walk(event: KeyboardEvent<HTMLElement>, toEnd: () => void): void {
  if (event.metaKey || event.ctrlKey || event.altKey) return
  if (event.key === 'End') {
    event.preventDefault()
    return toEnd()
  }
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key]
  const line = (event.target as Element).closest('li')
  if (step === undefined) return
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('li')].sort(
    (one, other) => Number(one.dataset['index']) - Number(other.dataset['index']),
  )
  const at = line ? items.indexOf(line) + step : items.length - 1
  const button = items[at]?.querySelector<HTMLElement>('button')
  if (!button) return
  event.preventDefault()
  button.focus({ preventScroll: true })
  button.scrollIntoView({ block: 'nearest' })
}
