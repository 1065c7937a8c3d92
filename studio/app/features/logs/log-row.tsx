import { memo, useEffect, useRef } from 'react'
import { classes } from '../../ui/classes.ts'
import { useFormats, useWords } from '../../words/words.tsx'
import type { Kept, LogLevel } from './log-filter.ts'
import { LogFields } from './log-fields.tsx'

const colours: Record<LogLevel, string> = {
  debug: 'text-faint',
  info: 'text-info',
  warn: 'text-warn',
  error: 'text-danger',
}

/** One line; opened, with all its fields. */
export const LogRow = memo(function LogRow({
  row: { line, n },
  open,
  onToggle,
  onHeight,
}: {
  row: Kept
  open: boolean
  onToggle(n: number): void
  /** px, of an open line; also when it changes. */
  onHeight(n: number, height: number): void
}) {
  const words = useWords().logs
  const formats = useFormats()
  const { at, level, message, fields } = line
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!open || !box.current) return
    const observer = new ResizeObserver(([entry]) => entry && onHeight(n, entry.contentRect.height))
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [open, n, onHeight])
  return (
    <div ref={box} className={classes(open && 'bg-page')}>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => onToggle(n)}
        className="flex h-7 w-full items-center gap-3 px-3 text-left hover:bg-hover focus-visible:-outline-offset-2"
      >
        <time className="shrink-0 text-faint" dateTime={new Date(at).toISOString()}>
          {formats.clock(at)}
        </time>
        <span className={classes('w-10 shrink-0 font-medium', colours[level])}>{words.levels[level]}</span>
        <span className="min-w-0 truncate">
          {message}
          <span className="ml-3 text-faint max-sm:hidden">{inShort(fields)}</span>
        </span>
      </button>
      {open && <LogFields line={line} />}
    </div>
  )
})

/** The fields in one line, cut short: what is whole is one click away. */
function inShort(fields: Readonly<Record<string, unknown>>): string {
  let text = ''
  for (const [name, value] of Object.entries(fields)) {
    text += `${name}=${typeof value === 'string' ? value : JSON.stringify(value)} `
    if (text.length > 300) break
  }
  return text.slice(0, 300)
}
