import type { ReactNode } from 'react'
import { WayUp } from './way-up.tsx'

export interface PageHeaderProps {
  title: ReactNode
  /** One line that says what the page is for, or the state of what it shows. */
  text?: ReactNode
  /** Above the title: a link to where the page belongs. */
  up?: ReactNode
  /** Beside the title: a state. */
  badge?: ReactNode
  /** On the right; the one that matters most is `primary` and last. */
  actions?: ReactNode
}

/** The head of a page, with its only `h1`. */
export function PageHeader({ title, text, up, badge, actions }: PageHeaderProps) {
  return (
    <header className="mb-5">
      {up && <WayUp>{up}</WayUp>}
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h1 className="min-w-0 break-words font-semibold text-xl tracking-[-0.01em]">{title}</h1>
            {badge}
          </div>
          {text && <div className="mt-0.5 text-soft text-sm">{text}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
    </header>
  )
}

/** A part of a page under a heading of its own, divided from the one above by a line. */
export function Section({
  title,
  text,
  actions,
  children,
}: Omit<PageHeaderProps, 'up' | 'badge'> & { children: ReactNode }) {
  return (
    <section className="border-line border-t py-6 first:border-t-0 first:pt-0">
      <div className="mb-4 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 className="font-semibold text-lg">{title}</h2>
          {text && <p className="text-soft text-sm">{text}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </section>
  )
}
