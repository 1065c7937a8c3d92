import { ChevronLeft } from 'lucide-react'
import type { ReactNode } from 'react'

/** Above a title: the link to where a page belongs, which is given, with an arrow as part of it. */
export function WayUp({ children }: { children: ReactNode }) {
  return (
    <div className="relative mb-1 -ml-1 flex text-soft text-sm [&>a:hover]:text-ink [&>a]:rounded-sm [&>a]:pr-1 [&>a]:pl-4.5">
      <ChevronLeft className="pointer-events-none absolute top-0.5 left-0 size-4" aria-hidden />
      {children}
    </div>
  )
}
