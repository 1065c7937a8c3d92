import type { ReactNode } from 'react'
import { onNeed } from './on-need.tsx'

export interface DialogProps {
  open: boolean
  onClose(): void
  title: string
  text?: ReactNode
  /** Buttons, the one that acts last. */
  actions?: ReactNode
  /** Default `normal`, 512 px. */
  width?: 'small' | 'normal' | 'wide'
  /** Makes a form of it: Enter in a field submits. */
  onSubmit?(): void
  children?: ReactNode
}

/** Asks for something in front of the page. The focus goes in, stays in, and goes back to where it was; Escape closes. */
export const Dialog = onNeed<DialogProps>(() => import('./dialog-shown.tsx'))
