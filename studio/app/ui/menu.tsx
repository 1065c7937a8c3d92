import { cloneElement, type ComponentProps, type ReactElement, useId, useRef, useState } from 'react'
import type { MenuContent } from './menu-shown.tsx'
import { onNeed } from './on-need.tsx'

type TriggerProps = ComponentProps<'button'> & { 'data-popup-open'?: '' }

export interface MenuProps extends MenuContent {
  /** A `Button` or `IconButton`. */
  trigger: ReactElement<TriggerProps>
}

const Shown = onNeed(() => import('./menu-shown.tsx'))

/** Actions on one thing, behind a button. Arrow keys move, letters find. */
export function Menu({ trigger, ...shown }: MenuProps) {
  const id = useId()
  const anchor = useRef<HTMLButtonElement>(null)
  const [opened, setOpened] = useState<'byPointer' | 'byKey' | null>(null)
  const isOpen = opened !== null
  return (
    <>
      {cloneElement(trigger, {
        ref: anchor,
        id,
        'aria-haspopup': 'menu',
        'aria-expanded': isOpen,
        'data-popup-open': isOpen ? '' : undefined,
        onPointerEnter: Shown.prepare,
        onFocus: Shown.prepare,
        // With the focus gone from it, the menu would be closed before the click that closes it.
        onMouseDown: (event) => isOpen && event.preventDefault(),
        onClick(event) {
          if (isOpen) anchor.current?.focus()
          setOpened(isOpen ? null : event.detail === 0 ? 'byKey' : 'byPointer')
        },
        onKeyDown(event) {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
          event.preventDefault()
          setOpened('byKey')
        },
      })}
      <Shown
        {...shown}
        open={isOpen}
        onClose={() => setOpened(null)}
        anchor={anchor}
        labelledBy={id}
        byKey={opened === 'byKey'}
      />
    </>
  )
}
