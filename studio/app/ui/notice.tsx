import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'

const kinds = {
  info: { Icon: Info, colours: 'bg-info-soft text-info' },
  ok: { Icon: CircleCheck, colours: 'bg-ok-soft text-ok' },
  warn: { Icon: TriangleAlert, colours: 'bg-warn-soft text-warn' },
  danger: { Icon: CircleAlert, colours: 'bg-danger-soft text-danger' },
}

export interface NoticeProps {
  kind: keyof typeof kinds
  /** Beside it, on the right: a button or link. */
  action?: ReactNode
  children: ReactNode
}

/** Something about this place that has to be read. `danger` and `warn` are read out at once. */
export function Notice({ kind, action, children }: NoticeProps) {
  const { Icon, colours } = kinds[kind]
  return (
    <div
      role={kind === 'danger' || kind === 'warn' ? 'alert' : 'status'}
      className={classes('flex items-start gap-2 rounded-md px-3 py-2 text-sm', colours)}
    >
      <Icon className="mt-0.5 size-4 shrink-0" aria-hidden />
      <div className="min-w-0 flex-1">{children}</div>
      {action}
    </div>
  )
}
