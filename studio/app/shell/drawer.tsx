import { Dialog as Base } from '@base-ui/react/dialog'
import { useWords } from '../words/words.tsx'
import { Rail } from './rail.tsx'

/** The rail where there is no room for it: it comes in from the side. Loaded when it is first opened. */
export default function Drawer({ open, onClose }: { open: boolean; onClose(): void }) {
  const words = useWords().shell
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-veil transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          aria-label={words.navigation}
          className="fixed inset-y-0 left-0 z-40 w-70 bg-ground shadow-overlay outline-none transition-transform duration-200 ease-calm data-ending-style:-translate-x-full data-starting-style:-translate-x-full"
        >
          <Rail narrow={false} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
