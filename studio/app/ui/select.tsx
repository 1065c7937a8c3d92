import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronsUpDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import { Field, type FieldProps } from './field.tsx'

export interface Choice<Value extends string> {
  value: Value
  label: string
  /** A line below the label, in the open list alone. */
  hint?: string
  icon?: ReactNode
  disabled?: boolean
}

export interface SelectProps<Value extends string> extends FieldProps {
  value: Value | null
  onChange(value: Value): void
  choices: readonly Choice<Value>[]
  placeholder?: string
  disabled?: boolean
  name?: string
}

/** One of up to about fifteen; for more there is `Combobox`. */
export function Select<Value extends string>({
  value,
  onChange,
  choices,
  placeholder,
  disabled,
  name,
  ...field
}: SelectProps<Value>) {
  return (
    <Field {...field}>
      {(control) => (
        <Base.Root
          value={value}
          onValueChange={(next) => next !== null && onChange(next as Value)}
          items={choices as { value: Value; label: string }[]}
          disabled={disabled}
          name={name}
          modal={false}
        >
          <Base.Trigger {...control} className="field flex h-8 items-center justify-between gap-2 px-2.5 text-left">
            <Base.Value
              placeholder={placeholder}
              className={classes('min-w-0 flex-1 truncate', 'data-placeholder:text-faint')}
            />
            <Base.Icon className="text-faint">
              <ChevronsUpDown className="size-3.5" aria-hidden />
            </Base.Icon>
          </Base.Trigger>
          <Base.Portal>
            <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
              <Base.Popup className="overlay appearing max-h-(--available-height) min-w-(--anchor-width) max-w-80 overflow-y-auto p-1">
                <Base.List>
                  {choices.map((choice) => (
                    <Base.Item
                      key={choice.value}
                      value={choice.value}
                      disabled={choice.disabled}
                      className="flex cursor-default select-none gap-2 rounded-md px-2 py-1.5 text-sm outline-none data-highlighted:bg-chosen data-disabled:text-faint"
                    >
                      <span className="grid w-4 shrink-0 place-items-center self-start pt-0.5 text-accent">
                        <Base.ItemIndicator>
                          <Check className="size-4" aria-hidden />
                        </Base.ItemIndicator>
                      </span>
                      {choice.icon}
                      <span className="min-w-0">
                        <Base.ItemText>{choice.label}</Base.ItemText>
                        {choice.hint && <span className="block text-faint text-xs">{choice.hint}</span>}
                      </span>
                    </Base.Item>
                  ))}
                </Base.List>
              </Base.Popup>
            </Base.Positioner>
          </Base.Portal>
        </Base.Root>
      )}
    </Field>
  )
}
