/** ms that the palette may take to come; then keys are the page's again. */
const longestMs = 5_000

let typed = ''
let stop: (() => void) | null = null

/**
 * Keeps what is typed from now on until the palette takes it: it is loaded when it is first opened, and whoever knows what
 * they want does not wait. Neither a shortcut nor a field behind it hears of these keys.
 */
export function listenAhead(): void {
  stop?.()
  typed = ''
  const hear = (event: KeyboardEvent): void => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return
    if (event.key === 'Backspace') typed = [...typed].slice(0, -1).join('')
    else if ([...event.key].length === 1) typed += event.key
    else return
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  addEventListener('keydown', hear, { capture: true })
  const timer = setTimeout(() => stop?.(), longestMs)
  stop = () => {
    clearTimeout(timer)
    removeEventListener('keydown', hear, { capture: true })
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
