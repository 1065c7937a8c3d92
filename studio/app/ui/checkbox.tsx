import { Checkbox as Base } from '@base-ui/react/checkbox'
import { Check, Minus } from 'lucide-react'
import type { ReactNode } from 'react'

export interface CheckboxProps {
  checked: boolean
  onChange(checked: boolean): void
  label: ReactNode
  /** Some of what it stands for, not all. */
  indeterminate?: boolean
  /** A line below the label. */
  hint?: string
  /** The label is for screen readers alone: boxes in rows of a table. */
  hideLabel?: boolean
  disabled?: boolean
}

export function Checkbox({
  checked,
  onChange,
  label,
  indeterminate,
  hint,
  hideLabel = false,
  disabled,
}: CheckboxProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is Base UI's, which puts an input inside.
    <label className="flex gap-2 text-sm">
      <Base.Root
        checked={checked}
        onCheckedChange={onChange}
        indeterminate={indeterminate}
        disabled={disabled}
        className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-sm border border-control bg-page text-white data-checked:border-accent-fill data-indeterminate:border-accent-fill data-checked:bg-accent-fill data-indeterminate:bg-accent-fill data-disabled:opacity-50"
      >
        <Base.Indicator>
          {indeterminate ? (
            <Minus className="size-3" aria-hidden />
          ) : (
            <Check className="size-3" aria-hidden strokeWidth={3} />
          )}
        </Base.Indicator>
      </Base.Root>
      <span className={hideLabel ? 'sr-only' : 'min-w-0'}>
        {label}
        {hint && <span className="block text-faint text-xs">{hint}</span>}
      </span>
    </label>
  )
}
