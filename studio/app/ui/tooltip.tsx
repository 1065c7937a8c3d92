import { cloneElement, type ReactElement, useEffect, useState } from 'react'
import { onNeed } from './on-need.tsx'
import type { TooltipShownProps } from './tooltip-shown.tsx'

export interface TooltipProps {
  text: string
  shortcut?: string
  /** Where there is room; default `bottom`. */
  side?: TooltipShownProps['side']
  /** One element that hands its attributes on. Its own label has to say the same: touch shows no tooltip. */
  children: ReactElement
}

/** Words for what has none, shown to pointer and focus. Never the only place that says something. */
export function Tooltip({ text, shortcut, side, children }: TooltipProps) {
  // Attributes alone, and one listener for them all: a table has hundreds.
  return cloneElement(children as ReactElement<Record<string, unknown>>, {
    'data-tooltip': text,
    'data-tooltip-keys': shortcut,
    'data-tooltip-side': side,
  })
}

const Shown = onNeed(() => import('./tooltip-shown.tsx'))

/** ms over something until it says what it is; and how long the next ones come at once. */
const waits = { first: 500, next: 300 }
/** ms that the pointer may be on its way from the thing to its tooltip. */
const leavingMs = 100

/** Shows the tooltip of what the pointer or the focus is on. Once, beside the app. */
export function Tooltips() {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  useEffect(() => listen(setAnchor), [])
  const { tooltip = '', tooltipKeys, tooltipSide = 'bottom' } = anchor?.dataset ?? {}
  return (
    <Shown
      open={anchor !== null}
      anchor={anchor}
      text={tooltip}
      shortcut={tooltipKeys}
      side={tooltipSide as TooltipShownProps['side']}
    />
  )
}

/** Calls back with the element whose tooltip is to be seen, until the returned function is called. */
function listen(show: (anchor: HTMLElement | null) => void): () => void {
  const stop = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let shown: HTMLElement | null = null
  let pointed: HTMLElement | null = null
  let hiddenAt = Number.NEGATIVE_INFINITY

  const change = (next: HTMLElement | null): void => {
    clearTimeout(timer)
    if (shown && !next) hiddenAt = performance.now()
    shown = next
    show(next)
  }
  const on = <Name extends keyof DocumentEventMap>(name: Name, hear: (event: DocumentEventMap[Name]) => void): void =>
    document.addEventListener(name, hear, { signal: stop.signal, capture: true, passive: true })

  on('pointerover', ({ target, pointerType }) => {
    if (pointerType === 'touch' || !(target instanceof Element)) return
    const next = target.closest<HTMLElement>('[data-tooltip]')
    const stays = next === shown || target.closest('[data-tooltip-shown]') !== null
    if (next === pointed && !stays) return
    pointed = next
    clearTimeout(timer)
    if (stays) return
    if (next) {
      Shown.prepare()
      const isNext = shown !== null || performance.now() - hiddenAt < waits.next
      timer = setTimeout(() => next.isConnected && change(next), isNext ? 0 : waits.first)
    } else if (shown) timer = setTimeout(() => change(null), leavingMs)
  })
  on('pointerdown', () => change(null))
  on('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement) || !target.matches(':focus-visible')) return
    const next = target.closest<HTMLElement>('[data-tooltip]')
    if (next !== shown) change(next)
  })
  on('focusout', ({ target }) => target === shown && change(null))
  on('keydown', ({ key }) => {
    if (shown && key !== 'Tab' && key !== 'Shift') change(null)
  })
  // Where it was there is something else now.
  on('scroll', () => shown && change(null))
  document.documentElement.addEventListener('pointerleave', () => change(null), { signal: stop.signal })
  return () => {
    clearTimeout(timer)
    stop.abort()
  }
}
