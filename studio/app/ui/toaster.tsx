import { onNeed } from './on-need.tsx'
import { useStore } from './store.ts'
import { said } from './toast.ts'

const Shown = onNeed<{ open: boolean }>(() => import('./toaster-shown.tsx'))

/** Where toasts appear; once, beside the app. */
export function Toaster() {
  return <Shown open={useStore(said).length > 0} />
}
