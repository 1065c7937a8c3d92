import type { ReactNode } from 'react'
import { classes } from './classes.ts'

export type StatusKind = 'ok' | 'warn' | 'danger' | 'info' | 'muted'

const dots: Record<StatusKind, string> = {
  ok: 'bg-ok',
  warn: 'bg-warn',
  danger: 'bg-danger',
  info: 'bg-info',
  muted: 'bg-faint',
}

const grounds: Record<StatusKind, string> = {
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  danger: 'bg-danger-soft text-danger',
  info: 'bg-info-soft text-info',
  muted: 'bg-muted-soft text-muted',
}

export interface StatusProps {
  kind: StatusKind
  /** The word always stands beside the dot: colour alone says nothing to many. */
  children: ReactNode
  /** Under way: the dot breathes. */
  live?: boolean
  /** More than a word or two: it goes on in a second line where there is no room. */
  long?: boolean
}

/** The state of something, in lists and heads: a dot and a word. */
export function Status({ kind, children, live = false, long = false }: StatusProps) {
  return (
    <span className={classes('inline-flex gap-1.5', long ? 'items-start' : 'items-center whitespace-nowrap')}>
      {/* With the kind as its key: a dot that breathed keeps its old colour in some browsers. */}
      <span
        key={kind}
        className={classes(
          'size-1.5 shrink-0 rounded-full',
          dots[kind],
          live && 'animate-breathe',
          long && 'mt-[0.45em]',
        )}
        aria-hidden
      />
      {children}
    </span>
  )
}

/** A short mark on something: a role, a kind, a count. */
export function Badge({ kind = 'muted', children }: { kind?: StatusKind; children: ReactNode }) {
  return (
    <span
      className={classes(
        'inline-flex h-5 items-center whitespace-nowrap rounded-sm px-1.5 font-medium text-xs',
        grounds[kind],
      )}
    >
      {children}
    </span>
  )
}
