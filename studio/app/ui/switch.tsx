import { Switch as Base } from '@base-ui/react/switch'
import type { ReactNode } from 'react'

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
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is Base UI's, which puts an input inside.
    <label className="flex items-start gap-2 text-sm">
      <Base.Root
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        className="mt-px flex h-4.5 w-8 shrink-0 rounded-full bg-control p-0.5 transition-colors data-checked:bg-accent-fill data-disabled:opacity-50"
      >
        <Base.Thumb className="aspect-square h-full rounded-full bg-white transition-transform duration-100 data-checked:translate-x-3.5" />
      </Base.Root>
      <span className="min-w-0">
        {label}
        {hint && <span className="block text-faint text-xs">{hint}</span>}
      </span>
    </label>
  )
}
