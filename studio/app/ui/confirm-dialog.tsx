import type { ReactNode } from 'react'
import { onNeed } from './on-need.tsx'

export interface ConfirmDialogProps {
  open: boolean
  onClose(): void
  /** The question: "Delete support?". */
  title: string
  /** What is lost, and what is not. */
  text: ReactNode
  /** The verb: "Delete". */
  action: string
  onConfirm(): void
  pending?: boolean
  /** What went wrong with it, as a sentence. */
  error?: string | undefined
  /** Something is lost: the button is red. Default true. */
  danger?: boolean
}

/** Asks before what cannot be undone. The focus begins on Cancel, and a click beside it closes nothing. */
export const ConfirmDialog = onNeed<ConfirmDialogProps>(() => import('./confirm-dialog-shown.tsx'))
