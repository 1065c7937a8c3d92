import { useEffect, useRef, useState } from 'react'

/** ms of quiet before what is typed is written. */
const quietMs = 300
const prefix = 'studio.draft.'

/** Whose drafts are read and written: the next person at this browser is not shown them. */
let owner = ''

/** From now on drafts are those of this account, by its id. */
export function keepDraftsOf(account: string): void {
  owner = account
}

export interface Draft<Value> {
  /** What was typed and not saved, or what the form begins with. */
  value: Value
  set(next: Value): void
  /** There is something typed that was not saved. */
  changed: boolean
  /** It was typed before this page was opened: say so, and offer to discard it. */
  restored: boolean
  /** After saving, or to discard it: forgets what was typed, and begins with `next`, by default the first value again. */
  clear(next?: Value): void
}

/**
 * What is typed in a form, kept in this browser under `key` until it is saved: a reload, a crash or a lost connection
 * takes nothing. Each account has its own. Put what the form is about in the key (`agent:support`); secrets do not belong in it. `first` has to be
 * JSON; what was kept in another shape (keys of `first` that it lacks) is thrown away.
 */
export function useDraft<Value extends object>(key: string, first: Value): Draft<Value> {
  const [state, setState] = useState(() => begin(key, first))
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const pending = useRef<(() => void) | null>(null)

  if (state.key !== key) {
    pending.current?.()
    setState(begin(key, first))
  }
  useEffect(() => {
    const flush = (): void => pending.current?.()
    addEventListener('pagehide', flush)
    return () => {
      removeEventListener('pagehide', flush)
      flush()
    }
  }, [])

  return {
    value: state.value,
    changed: state.changed,
    restored: state.restored,
    set(value) {
      const place = placeOf(key)
      const write = (): void => {
        clearTimeout(timer.current)
        pending.current = null
        keep(place, value)
      }
      pending.current = write
      clearTimeout(timer.current)
      timer.current = setTimeout(write, quietMs)
      setState({ key, value, changed: true, restored: state.restored })
    },
    clear(next = first) {
      clearTimeout(timer.current)
      pending.current = null
      keep(placeOf(key), null)
      setState({ key, value: next, changed: false, restored: false })
    },
  }
}

function begin<Value extends object>(key: string, first: Value) {
  const kept = read(key)
  const fits = kept !== null && Object.keys(first).every((name) => name in kept)
  return { key, value: fits ? (kept as Value) : first, changed: fits, restored: fits }
}

/** Puts a draft where `useDraft` of this key finds it. */
export function putDraft(key: string, value: object): void {
  keep(placeOf(key), value)
}

function placeOf(key: string): string {
  return `${prefix}${owner}.${key}`
}

function read(key: string): object | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(placeOf(key)) ?? 'null')
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}

function keep(place: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(place)
    else localStorage.setItem(place, JSON.stringify(value))
  } catch {
    // Full or forbidden: then it is kept as long as the page is open.
  }
}
