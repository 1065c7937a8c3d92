import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'
import { Keys } from './keys.tsx'

export interface TooltipProps {
  text: string
  shortcut?: string
  /** Where there is room; default `bottom`. */
  side?: 'top' | 'bottom' | 'left' | 'right'
  /** One element that takes a ref and the pointer's events. Its own label has to say the same: touch shows no tooltip. */
  children: ReactElement
}

/** Words for what has none, shown to pointer and focus. Never the only place that says something. */
export function Tooltip({ text, shortcut, side = 'bottom', children }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} className="z-50">
          <Base.Popup className="appearing flex items-center gap-2 rounded-md bg-ink px-2 py-1 text-page text-xs">
            {text}
            {shortcut && <Keys keys={shortcut} inverse />}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

/** Once one tooltip is shown, the next ones come at once. Around the app. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <Base.Provider delay={500} timeout={300}>
      {children}
    </Base.Provider>
  )
}
