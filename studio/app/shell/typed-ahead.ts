import { open } from './commands.ts'

/** ms that the palette may take to come; then keys are the page's again. */
const longestMs = 5_000

let typed = ''
let stop: (() => void) | null = null

/**
 * Keeps what is typed from now on until the palette takes it, or is closed: it is loaded when it is first opened, and whoever
 * knows what they want does not wait. Nothing behind it hears of these keys, neither a shortcut nor a field, nor the button
 * that has the focus. Escape closes; Enter does nothing, since there is nothing yet to choose from.
 */
export function listenAhead(): void {
  stop?.()
  typed = ''
  const hear = (event: KeyboardEvent): void => {
    // With a modifier they are the browser's, or ⌘K again; so are F5 and its like.
    if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing || /^F\d/.test(event.key)) return
    event.preventDefault()
    event.stopImmediatePropagation()
    // A browser may press a button when the space bar is let go.
    if (event.type === 'keyup') return
    if (event.key === 'Escape') open.set(null)
    else if (event.key === 'Backspace') typed = [...typed].slice(0, -1).join('')
    else if ([...event.key].length === 1) typed += event.key
  }
  addEventListener('keydown', hear, { capture: true })
  addEventListener('keyup', hear, { capture: true })
  const unfollow = open.subscribe(() => {
    if (open.get() !== 'palette') takeTyped()
  })
  const timer = setTimeout(() => stop?.(), longestMs)
  stop = () => {
    clearTimeout(timer)
    unfollow()
    removeEventListener('keydown', hear, { capture: true })
    removeEventListener('keyup', hear, { capture: true })
    stop = null
  }
}

/** What was typed ahead, once; from then on the palette hears for itself. */
export function takeTyped(): string {
  stop?.()
  const taken = typed
  typed = ''
  return taken
}
