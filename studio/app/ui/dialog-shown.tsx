import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type FormEvent, type ReactNode, useLayoutEffect, useRef } from 'react'
import { useWords } from '../words/words.tsx'
import { classes } from './classes.ts'

const widths = { small: 'max-w-md', normal: 'max-w-lg', wide: 'max-w-3xl' }

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

/** Dialogs that are shown now. */
let shown = 0

/** What had the focus before the first of several dialogs, each of which took the place of the one before. */
let opener: HTMLElement | null = null

/** Where the focus goes when the dialog closes: to what had it; where that is gone, to what opened the first of several. */
function useWayBack(open: boolean): () => HTMLElement | boolean {
  const from = useRef<{ before: HTMLElement | null; first: HTMLElement | null }>({ before: null, first: null })
  useLayoutEffect(() => {
    if (!open) return
    const { activeElement: active, body } = document
    const before = active instanceof HTMLElement && active !== body ? active : null
    if (before !== null && before.closest('[role=dialog]') === null) opener = before
    from.current = { before, first: opener }
    shown += 1
    return () => {
      shown -= 1
      // One that takes its place is shown by then; what opened this one is nothing to whatever is opened later.
      setTimeout(() => {
        if (shown === 0) opener = null
      })
    }
  }, [open])
  return () => {
    const { before, first } = from.current
    if (before?.isConnected) return before
    if (first?.isConnected) return first
    // What is gone may have come from a menu, whose button is found; where nothing had the focus, one of long ago would be.
    return before !== null
  }
}

/** Loaded when a dialog is opened for the first time. */
export default function DialogShown({
  open,
  onClose,
  title,
  text,
  actions,
  width = 'normal',
  onSubmit,
  children,
}: DialogProps) {
  const words = useWords()
  const wayBack = useWayBack(open)
  // Without fields there may be nothing in it that takes the focus, and so no way to scroll it by keys.
  const reading = onSubmit ? {} : { role: 'group', 'aria-label': title, tabIndex: 0 }
  const inside = (
    <>
      <div {...reading} className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 pb-5">
        {children}
      </div>
      {actions && <div className="flex flex-wrap justify-end gap-2 border-line border-t px-5 py-3">{actions}</div>}
    </>
  )
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-veil transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          finalFocus={wayBack}
          className={classes(
            'overlay appearing fixed top-[12dvh] left-1/2 z-40 flex max-h-[80dvh] w-[calc(100vw-1.5rem)] -translate-x-1/2 flex-col',
            widths[width],
          )}
        >
          <div className="flex items-start gap-3 px-5 pt-4 pb-3">
            <div className="min-w-0 flex-1">
              <Base.Title className="font-semibold text-lg">{title}</Base.Title>
              {text && <Base.Description className="mt-0.5 text-sm text-soft">{text}</Base.Description>}
            </div>
            <Base.Close
              aria-label={words.ui.close}
              className="-mr-1.5 grid size-7 shrink-0 place-items-center rounded-md text-faint hover:bg-hover hover:text-ink"
            >
              <X className="size-4" aria-hidden />
            </Base.Close>
          </div>
          {onSubmit ? (
            <form
              noValidate
              className="flex min-h-0 flex-col"
              onSubmit={(event: FormEvent) => {
                event.preventDefault()
                // A form in a dialog is inside the page's form for React, though not in the document.
                event.stopPropagation()
                onSubmit()
              }}
            >
              {inside}
            </form>
          ) : (
            inside
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
