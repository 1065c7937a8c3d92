import { Search, X } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useWords } from '../words/words.tsx'
import { Keys } from './keys.tsx'

/** The line above a list: search, filters, and at its end (`ml-auto`) a count or a switch. */
export function Toolbar({ children }: { children: ReactNode }) {
  return <div className="mb-3 flex flex-wrap items-center gap-2">{children}</div>
}

export interface SearchFieldProps {
  /** What is searched for now, as the URL has it. */
  value: string
  /** Called when typing pauses. */
  onChange(value: string): void
  placeholder?: string
  /** ms of quiet before `onChange`; default 200. */
  waitMs?: number
}

/** Searches what is on the page. `/` puts the focus here, Escape clears. */
export function SearchField({ value, onChange, placeholder, waitMs = 200 }: SearchFieldProps) {
  const { ui } = useWords()
  const [typed, setTyped] = useState(value)
  const [known, setKnown] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // The URL changed by another way than by typing here: a link, the browser's way back.
  if (value !== known) {
    setKnown(value)
    setTyped(value)
  }
  useEffect(() => () => clearTimeout(timer.current), [])

  const say = (next: string, after: number): void => {
    setTyped(next)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      setKnown(next)
      onChange(next)
    }, after)
  }
  return (
    <div className="relative w-full sm:w-64">
      <Search className="pointer-events-none absolute top-2 left-2.5 size-4 text-faint" aria-hidden />
      <input
        type="search"
        // As long as what an address and the service take.
        maxLength={200}
        data-search=""
        value={typed}
        aria-label={placeholder ?? ui.search}
        placeholder={placeholder ?? ui.search}
        onChange={(event) => say(event.target.value, waitMs)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          if (typed === '') event.currentTarget.blur()
          else say('', 0)
        }}
        className="field h-8 pr-8 pl-8 [&::-webkit-search-cancel-button]:hidden"
      />
      <span className="absolute inset-y-0 right-1.5 flex items-center">
        {typed === '' ? (
          <span className="hidden sm:block">
            <Keys keys="/" />
          </span>
        ) : (
          <button
            type="button"
            aria-label={ui.clear}
            onClick={() => say('', 0)}
            className="grid size-6 place-items-center rounded-sm text-faint hover:text-ink"
          >
            <X className="size-3.5" aria-hidden />
          </button>
        )}
      </span>
    </div>
  )
}
