import { Toast as Base } from '@base-ui/react/toast'
import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { useEffect } from 'react'
import { useWords } from '../words/words.tsx'
import { useStore } from './store.ts'
import { type Said, said } from './toast.ts'

const manager = Base.createToastManager()

/** Loaded when something is said for the first time. */
export default function ToasterShown() {
  const words = useWords()
  const waiting = useStore(said)
  useEffect(() => {
    if (waiting.length === 0) return
    said.set([])
    for (const one of waiting) show(one)
  }, [waiting])
  return (
    <Base.Provider toastManager={manager} limit={3}>
      <Base.Portal>
        <Base.Viewport
          aria-label={words.ui.notifications}
          className="fixed right-4 bottom-4 in-[body:has([data-foot])]:bottom-20 z-50 flex w-[calc(100vw-2rem)] max-w-88 flex-col gap-2"
        >
          <Toasts />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  )
}

function show({ title, text, kind = 'ok', undo, undoLabel }: Said): void {
  const id = manager.add({
    title,
    description: text,
    type: kind,
    timeout: kind === 'danger' ? 0 : 6_000,
    priority: kind === 'danger' ? 'high' : 'low',
    actionProps: undo
      ? {
          children: undoLabel,
          onClick: () => {
            manager.close(id)
            undo()
          },
        }
      : undefined,
  })
}

function Toasts() {
  const words = useWords()
  const { toasts } = Base.useToastManager()
  return toasts.map((one) => (
    <Base.Root key={one.id} toast={one} data-toast="" className="overlay appearing data-limited:hidden">
      <Base.Content className="flex items-start gap-2.5 p-3">
        {one.type === 'danger' ? (
          <CircleAlert className="mt-0.5 size-4 shrink-0 text-danger" aria-hidden />
        ) : (
          <CircleCheck className="mt-0.5 size-4 shrink-0 text-ok" aria-hidden />
        )}
        <div className="min-w-0 flex-1 text-sm">
          <Base.Title className="font-medium" />
          <Base.Description className="text-soft" />
        </div>
        {one.actionProps && (
          <Base.Action className="rounded-sm px-1 font-medium text-accent text-sm hover:underline">
            {one.actionProps.children ?? words.ui.undo}
          </Base.Action>
        )}
        <Base.Close
          aria-label={words.ui.dismiss}
          className="grid size-5 place-items-center rounded-sm text-faint hover:text-ink"
        >
          <X className="size-3.5" aria-hidden />
        </Base.Close>
      </Base.Content>
    </Base.Root>
  ))
}
