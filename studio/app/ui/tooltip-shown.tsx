import { Tooltip as Base } from '@base-ui/react/tooltip'
import { Keys } from './keys.tsx'

export interface TooltipShownProps {
  text: string
  side: 'top' | 'bottom' | 'left' | 'right'
  open: boolean
  anchor: HTMLElement | null
  shortcut: string | undefined
}

/** Loaded when the pointer or the focus is on something with a tooltip for the first time. */
export default function TooltipShown({ open, anchor, text, shortcut, side }: TooltipShownProps) {
  return (
    <Base.Root open={open}>
      <Base.Portal>
        <Base.Positioner anchor={anchor} side={side} sideOffset={6} className="z-50">
          <Base.Popup
            data-tooltip-shown=""
            className="appearing flex items-center gap-2 rounded-md bg-ink px-2 py-1 text-page text-xs"
          >
            {text}
            {shortcut && <Keys keys={shortcut} inverse />}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
