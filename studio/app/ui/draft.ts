import { useEffect, useRef, useState } from 'react'

/** ms of quiet before what is typed is written. */
const quietMs = 300
const prefix = 'studio.draft.'

/** Whose drafts are read and written: the next person at this browser is not shown them. */
let owner = ''

interface Unwritten {
  value: object
  timer: ReturnType<typeof setTimeout>
}

/** What was typed in the last moment, by the place where it will be written. */
const unwritten = new Map<string, Unwritten>()

/** From now on drafts are those of this account, by its id. */
export function keepDraftsOf(account: string): void {
  owner = account
}

export interface Draft<Value> {
  /** What was typed and not saved, or what the form begins with. */
  value: Value
  /** A function is given what was set last, also when that is not drawn yet: two parts may change in one go. */
  set(next: Value | ((now: Value) => Value)): void
  /** What is typed by now, for whoever has waited since: their `value` is that of before. Null where nothing is typed. */
  latest(): Value | null
  /** There is something typed that was not saved. */
  changed: boolean
  /** It was typed before this page was opened: say so, and offer to discard it. */
  restored: boolean
  /** After saving, or to discard it: forgets what was typed, and begins with `next`, by default the first value again. */
  clear(next?: Value): void
}

/**
 * What is typed in a form, kept in this browser under `key` until it is saved: a reload, a crash or a lost connection
 * takes nothing. Each account has its own. Put what the form is about in the key (`agent:support`); secrets do not belong
 * in it. `first` has to be JSON; what was kept in another shape (keys of `first` that it lacks) is thrown away.
 */
export function useDraft<Value extends object>(key: string, first: Value): Draft<Value> {
  const [state, setState] = useState(() => begin(key, first))
  const place = placeOf(key)
  if (state.key !== key) setState(begin(key, first))
  // Ahead of `state` until that is drawn.
  const latest = useRef(state)
  if (latest.current.key !== state.key) latest.current = state
  useEffect(() => {
    const flush = (): void => write(place)
    addEventListener('pagehide', flush)
    return () => {
      removeEventListener('pagehide', flush)
      flush()
    }
  }, [place])

  return {
    value: state.value,
    changed: state.changed,
    restored: state.restored,
    latest: () => (latest.current.changed ? latest.current.value : null),
    set(next) {
      clearTimeout(unwritten.get(place)?.timer)
      const { value: now, restored } = latest.current
      const value = typeof next === 'function' ? next(now) : next
      unwritten.set(place, { value, timer: setTimeout(write, quietMs, place) })
      put({ key, value, changed: true, restored })
    },
    clear(next = first) {
      forget(place)
      keep(place, null)
      put({ key, value: next, changed: false, restored: false })
    },
  }

  function put(next: typeof state): void {
    latest.current = next
    setState(next)
  }
}

function begin<Value extends object>(key: string, first: Value) {
  const kept = read(key)
  const fits = kept !== null && Object.keys(first).every((name) => name in kept)
  return { key, value: fits ? (kept as Value) : first, changed: fits, restored: fits }
}

/** What is typed under one key is found under another one from now on, as `change` makes it. Nothing typed, nothing moved. */
export function moveDraft<Value extends object>(from: string, to: string, change: (value: Value) => Value): void {
  write(placeOf(from))
  const kept = read(from)
  if (kept === null) return
  keep(placeOf(to), change(kept as Value))
  keep(placeOf(from), null)
}

function write(place: string): void {
  const last = unwritten.get(place)
  if (last === undefined) return
  forget(place)
  keep(place, last.value)
}

function forget(place: string): void {
  clearTimeout(unwritten.get(place)?.timer)
  unwritten.delete(place)
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
