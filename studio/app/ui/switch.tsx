import type { ReactNode } from 'react'
import { classes } from './classes.ts'

export interface SwitchProps {
  checked: boolean
  onChange(checked: boolean): void
  label: ReactNode
  hint?: string
  disabled?: boolean
}

/** On or off, at once. What is saved with a form is a `Checkbox`. */
export function Switch({ checked, onChange, label, hint, disabled }: SwitchProps) {
  return (
    <label className="flex items-start gap-2 text-sm">
      <span className="relative mt-px flex shrink-0">
        <input
          type="checkbox"
          // biome-ignore lint/a11y/useAriaPropsForRole: a checkbox says itself whether it is checked.
          role="switch"
          checked={checked}
          disabled={disabled}
          onChange={(event) => onChange(event.target.checked)}
          className="h-4.5 w-8 appearance-none rounded-full bg-control transition-colors checked:bg-accent-fill disabled:opacity-50"
        />
        <span
          aria-hidden
          className={classes(
            'pointer-events-none absolute top-0.5 left-0.5 size-3.5 rounded-full bg-white transition-transform duration-100',
            checked && 'translate-x-3.5',
          )}
        />
      </span>
      <span className="min-w-0">
        {label}
        {hint && <span className="block text-faint text-xs">{hint}</span>}
      </span>
    </label>
  )
}
