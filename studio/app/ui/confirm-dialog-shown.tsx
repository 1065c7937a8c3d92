import { AlertDialog as Base } from '@base-ui/react/alert-dialog'
import type { ReactNode } from 'react'
import { useWords } from '../words/words.tsx'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

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
  /** Below the text: what has to be looked at before one says yes. */
  children?: ReactNode
}

/** Loaded when something is asked for the first time. */
export default function ConfirmDialogShown(props: ConfirmDialogProps) {
  const { open, onClose, title, text, action, onConfirm, pending, error, danger = true, children } = props
  const words = useWords()
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-veil transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup className="overlay appearing fixed top-[12dvh] left-1/2 z-40 flex max-h-[80dvh] w-[calc(100vw-1.5rem)] max-w-md -translate-x-1/2 flex-col gap-3 p-5 sm:top-[20dvh] sm:max-h-[70dvh]">
          <Base.Title className="font-semibold text-lg">{title}</Base.Title>
          <div className="-mx-5 flex min-h-0 flex-col gap-2 overflow-y-auto px-5">
            <Base.Description className="text-soft text-sm">{text}</Base.Description>
            {children}
            {error && <Notice kind="danger">{error}</Notice>}
          </div>
          <div className="flex flex-wrap justify-end gap-2">
            <Base.Close render={<Button>{words.ui.cancel}</Button>} />
            <Button variant={danger ? 'danger' : 'primary'} pending={pending} onClick={onConfirm}>
              {action}
            </Button>
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
