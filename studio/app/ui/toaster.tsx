import { lazy, Suspense, useState } from 'react'
import { useStore } from './store.ts'
import { said } from './toast.ts'

const Shown = lazy(() => import('./toaster-shown.tsx'))

/** Where toasts appear; once, beside the app. */
export function Toaster() {
  const waiting = useStore(said)
  const [needed, setNeeded] = useState(false)
  if (waiting.length > 0 && !needed) setNeeded(true)
  return <Suspense>{needed && <Shown />}</Suspense>
}
