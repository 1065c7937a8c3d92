import type { ComponentProps, ReactNode } from 'react'
import { type ButtonVariant, buttonClasses } from './button.tsx'
import { classes } from './classes.ts'
import { Tooltip } from './tooltip.tsx'

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children' | 'aria-label'> {
  /** What it does: its name to a screen reader, and what the pointer is shown. */
  label: string
  icon: ReactNode
  /** Default `quiet`. */
  variant?: ButtonVariant
  /** 28 px instead of 32: in rows and lines. */
  small?: boolean
  /** Shown beside the label: `⌘K`. */
  shortcut?: string
}

/** A button that is an icon; its words are a tooltip. Also the trigger of a menu: it hands on what it is given. */
export function IconButton({
  label,
  icon,
  variant = 'quiet',
  shortcut,
  small = false,
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        className={classes(buttonClasses(variant, small ? 'smallIcon' : 'icon'), className)}
      >
        {icon}
      </button>
    </Tooltip>
  )
}
