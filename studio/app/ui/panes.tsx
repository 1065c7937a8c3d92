import type { ReactNode } from 'react'
import { classes } from './classes.ts'

export interface PanesProps {
  /** The main thing. */
  children: ReactNode
  /** Beside it, below it on a small screen. */
  side: ReactNode
  /** Names the side for a screen reader. */
  sideLabel: string
  /** Default `normal`, 320 px; `form` 384 px; `wide` 448 px; `half`. */
  sideWidth?: 'normal' | 'form' | 'wide' | 'half'
}

const widths = {
  normal: 'lg:grid-cols-[minmax(0,1fr)_20rem]',
  form: 'lg:grid-cols-[minmax(0,1fr)_24rem]',
  wide: 'lg:grid-cols-[minmax(0,1fr)_28rem]',
  half: 'lg:grid-cols-2',
}

/** Two things that are looked at together, with a line between. */
export function Panes({ children, side, sideLabel, sideWidth = 'normal' }: PanesProps) {
  return (
    <div className={classes('grid gap-6 lg:gap-8', widths[sideWidth])}>
      <div className="min-w-0">{children}</div>
      <aside
        aria-label={sideLabel}
        className="min-w-0 border-line border-t pt-6 lg:border-t-0 lg:border-l lg:pt-0 lg:pl-8"
      >
        {side}
      </aside>
    </div>
  )
}
