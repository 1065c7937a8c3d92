import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { useWords } from '../words/words.tsx'
import { classes } from './classes.ts'

export interface JsonViewProps {
  value: unknown
  /** How many levels are open at first; default 2. */
  open?: number
}

/** Any JSON value as a tree that opens and closes. Long texts are shown whole, large lists in pieces of 100. */
export function JsonView({ value, open = 2 }: JsonViewProps) {
  return (
    <div className="overflow-x-auto font-mono text-sm">
      <Node name={null} value={value} open={open} />
    </div>
  )
}

/** Entries that are drawn before one asks for more. */
const piece = 100

function Node({ name, value, open }: { name: string | null; value: unknown; open: number }) {
  const words = useWords().ui
  const [isOpen, setOpen] = useState(open > 0)
  const [shown, setShown] = useState(piece)
  if (typeof value !== 'object' || value === null) {
    return (
      <div className="flex gap-2 py-px pl-5">
        {name !== null && <Name name={name} />}
        <Scalar value={value} />
      </div>
    )
  }
  const isList = Array.isArray(value)
  const entries = Object.entries(value)
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex min-h-6 max-w-full items-center gap-1 rounded-sm text-left hover:bg-hover"
      >
        <ChevronRight
          className={classes('size-4 shrink-0 text-faint transition-transform', isOpen && 'rotate-90')}
          aria-hidden
        />
        {name !== null && <Name name={name} />}
        <span className="shrink-0 text-faint">
          {isList ? '[' : '{'}
          {words.entries(entries.length)}
          {isList ? ']' : '}'}
        </span>
        {!isList && 'name' in value && typeof value.name === 'string' && (
          <span className="ml-1 min-w-0 truncate text-soft">{value.name}</span>
        )}
      </button>
      {isOpen && (
        <div className="ml-2 border-line border-l pl-2">
          {entries.slice(0, shown).map(([key, inner]) => (
            <Node key={key} name={key} value={inner} open={open - 1} />
          ))}
          {entries.length > shown && (
            <button type="button" className="pl-5 text-accent hover:underline" onClick={() => setShown(shown + piece)}>
              {words.loadMore}
            </button>
          )}
        </div>
      )}
    </div>
  )
}

function Name({ name }: { name: string }) {
  return <span className="shrink-0 text-soft">{`${name}:`}</span>
}

function Scalar({ value }: { value: unknown }) {
  if (typeof value === 'string') return <span className="min-w-0 whitespace-pre-wrap break-words text-ok">{value}</span>
  if (value === null || value === undefined) return <span className="text-faint">{String(null)}</span>
  return <span className="text-info">{String(value)}</span>
}
