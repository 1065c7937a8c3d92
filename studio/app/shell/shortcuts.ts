import { useEffect, useRef } from 'react'
import { create } from '../ui/store.ts'

export interface Shortcut {
  /** One key (`e`, `?`), two in a row (`g a`), or with ⌘ or Ctrl (`⌘K`). */
  keys: string
  /** What it does, for the sheet; without a label it is not listed there. */
  label?: string
  run(): void
}

/** All that hold now, the latest last: a page's go before the shell's. */
export const shortcuts = create<readonly Shortcut[]>([])

/** These keys work while the component is there. Letters do nothing while somebody types, or while a dialog is open. */
export function useShortcuts(given: readonly Shortcut[]): void {
  const latest = useRef(given)
  latest.current = given
  const names = given.map((one) => `${one.keys} ${one.label}`).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: what they run may change each time, which needs no new list.
  useEffect(() => {
    const mine = latest.current.map((one, at) => ({ ...one, run: () => latest.current[at]?.run() }))
    shortcuts.set([...shortcuts.get(), ...mine])
    return () => shortcuts.set(shortcuts.get().filter((one) => !mine.includes(one)))
  }, [names])
}

/** ms between the two keys of one. */
const togetherMs = 1_200

/** Listens for them all, until the returned function is called. Once, by the shell. */
export function listenForShortcuts(): () => void {
  let before = ''
  let at = 0
  const hear = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return
    const isCommand = event.metaKey || event.ctrlKey
    if (!isCommand && isBusy(event.target)) return
    const key = isCommand ? `⌘${event.key.toUpperCase()}` : event.key
    const pair = event.timeStamp - at < togetherMs ? `${before} ${key}` : ''
    const found =
      shortcuts.get().findLast((one) => one.keys === pair) ?? shortcuts.get().findLast((one) => one.keys === key)
    before = key
    at = event.timeStamp
    if (!found) return
    event.preventDefault()
    before = ''
    found.run()
  }
  addEventListener('keydown', hear)
  return () => removeEventListener('keydown', hear)
}

/** What takes the keys for itself. A toast has the role of a dialog too, and takes none. */
const floating = '[role=dialog]:not([data-toast]), [role=alertdialog]:not([data-toast]), [role=menu], [role=listbox]'

function isBusy(target: EventTarget | null): boolean {
  const isTyping =
    target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
  return isTyping || document.querySelector(floating) !== null
}
