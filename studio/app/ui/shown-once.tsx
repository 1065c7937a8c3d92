import { useWords } from '../words/words.tsx'
import { Button } from './button.tsx'
import { CodeLine } from './code.tsx'
import type { DialogProps } from './dialog-shown.tsx'
import { Dialog } from './dialog.tsx'

export interface ShownOnceProps extends Pick<DialogProps, 'title' | 'text' | 'onClose'> {
  /** What is to be kept elsewhere. */
  value: string
}

/** Something that nobody can see again, to be copied now: a link, a key, a secret. There while it is drawn. */
export function ShownOnce({ value, ...dialog }: ShownOnceProps) {
  const { ui } = useWords()
  return (
    <Dialog
      open
      {...dialog}
      actions={
        <Button variant="primary" onClick={dialog.onClose}>
          {ui.done}
        </Button>
      }
    >
      <CodeLine text={value} />
    </Dialog>
  )
}
