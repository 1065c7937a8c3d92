import type { ReactNode } from 'react'
import { useWords } from '../words/words.tsx'
import { Button } from './button.tsx'
import type { DialogProps } from './dialog-shown.tsx'
import { Dialog } from './dialog.tsx'
import { DraftKept } from './draft-kept.tsx'
import { Notice } from './notice.tsx'

export interface FormDialogProps extends Pick<DialogProps, 'title' | 'text' | 'width' | 'onClose'> {
  /** What the button says that sends the form. */
  act: string
  /** While what was sent is on its way. */
  pending: boolean
  /** Why it was refused, as far as no field says so. */
  wrong?: ReactNode
  /** Of a form that keeps a draft. `Cancel` discards it; what may be an accident, such as Escape, does not. */
  draft?: { restored: boolean; discard(): void }
  onSubmit(): void
  children: ReactNode
}

/** A form in front of the page, which is sent or left. There while it is drawn. */
export function FormDialog({ act, pending, wrong, draft, children, ...dialog }: FormDialogProps) {
  const { ui } = useWords()
  return (
    <Dialog
      open
      {...dialog}
      actions={
        <>
          <Button
            onClick={() => {
              draft?.discard()
              dialog.onClose()
            }}
          >
            {ui.cancel}
          </Button>
          <Button type="submit" variant="primary" pending={pending}>
            {act}
          </Button>
        </>
      }
    >
      {draft?.restored && <DraftKept onDiscard={draft.discard} />}
      {wrong && <Notice kind="danger">{wrong}</Notice>}
      {children}
    </Dialog>
  )
}
