import { LoaderCircle } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { classes } from './classes.ts'

export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger'

const base =
  'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium transition-colors duration-100 disabled:cursor-not-allowed aria-disabled:cursor-default'

const variants: Record<ButtonVariant, string> = {
  primary:
    'border-transparent bg-accent-fill text-white hover:bg-accent-fill-hover disabled:bg-chosen disabled:text-faint',
  secondary:
    'border-control/60 bg-page text-ink hover:border-control hover:bg-hover data-popup-open:bg-hover disabled:border-edge disabled:bg-page disabled:text-faint',
  quiet:
    'border-transparent bg-transparent text-soft hover:bg-hover hover:text-ink data-popup-open:bg-hover data-popup-open:text-ink disabled:bg-transparent disabled:text-faint',
  danger:
    'border-transparent bg-danger-fill text-white hover:bg-danger-fill-hover disabled:bg-chosen disabled:text-faint',
}

const sizes = {
  small: 'h-7 px-2 text-sm',
  normal: 'h-8 px-3 text-sm',
  large: 'h-10 px-4 text-base',
  icon: 'size-8',
  smallIcon: 'size-7',
}

/** The looks of a button, for what is one by another name: a link, a trigger of a menu. */
export function buttonClasses(variant: ButtonVariant = 'secondary', size: keyof typeof sizes = 'normal'): string {
  return classes(base, variants[variant], sizes[size])
}

export interface ButtonProps extends ComponentProps<'button'> {
  /** One `primary` a view; `danger` only where something is lost. Default `secondary`. */
  variant?: ButtonVariant
  /** Default `normal`, 32 px high. */
  size?: keyof typeof sizes
  icon?: ReactNode
  /**
   * Under way: it turns, keeps its width and the focus, and takes no second click. Who says whether it is has a button that
   * does something once: the second half of a double click, which comes before that is known, does nothing either.
   */
  pending?: boolean
}

export function Button({ variant, size, icon, pending, children, className, onClick, ...rest }: ButtonProps) {
  const isOnce = pending !== undefined
  return (
    <button
      type="button"
      {...rest}
      className={classes(buttonClasses(variant, size), 'relative', className)}
      aria-busy={pending || undefined}
      aria-disabled={pending || undefined}
      onClick={(event) => {
        if (pending || (isOnce && event.detail > 1)) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {pending && (
        <span className="absolute inset-0 grid place-items-center">
          <LoaderCircle className="size-4 animate-spin" aria-hidden />
        </span>
      )}
      <span className={classes('inline-flex items-center gap-1.5', pending && 'opacity-0')}>
        {icon}
        {children}
      </span>
    </button>
  )
}
