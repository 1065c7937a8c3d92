import { Combobox as Base } from '@base-ui/react/combobox'
import { Check, ChevronsUpDown } from 'lucide-react'
import { useWords } from '../words/words.tsx'
import { Field, type FieldProps } from './field.tsx'
import type { Choice } from './select.tsx'

export interface ComboboxProps extends FieldProps {
  value: string | null
  onChange(value: string | null): void
  choices: readonly Choice<string>[]
  placeholder?: string
  disabled?: boolean
  /** What was typed counts too, though it is none of the choices: model names that a service does not list. */
  free?: boolean
}

/** One of many, found by typing. */
export function Combobox({ value, onChange, choices, placeholder, disabled, free = false, ...field }: ComboboxProps) {
  const words = useWords()
  const chosen = choices.find((choice) => choice.value === value) ?? (value ? { value, label: value } : null)
  return (
    <Field {...field}>
      {(control) => (
        <Base.Root
          items={choices}
          value={chosen}
          onValueChange={(next: Choice<string> | null) => onChange(next?.value ?? null)}
          onInputValueChange={(text, { reason }) => {
            if (free && reason === 'input-change') onChange(text === '' ? null : text)
          }}
          isItemEqualToValue={(one: Choice<string>, other: Choice<string>) => one.value === other.value}
          disabled={disabled}
        >
          <Base.InputGroup className="field flex h-8 items-stretch">
            <Base.Input
              {...control}
              placeholder={placeholder}
              className="min-w-0 flex-1 bg-transparent px-2.5 outline-none"
            />
            <Base.Trigger
              className="grid w-8 place-items-center text-faint hover:text-ink"
              aria-label={words.ui.openList}
            >
              <ChevronsUpDown className="size-3.5" aria-hidden />
            </Base.Trigger>
          </Base.InputGroup>
          <Base.Portal>
            <Base.Positioner sideOffset={4} className="z-50 outline-none">
              <Base.Popup className="overlay appearing max-h-(--available-height) w-(--anchor-width) overflow-y-auto p-1">
                <Base.Empty className="px-2 py-1.5 text-faint text-sm empty:hidden">
                  {free ? '' : words.ui.noMatch}
                </Base.Empty>
                <Base.List>
                  {(choice: Choice<string>) => (
                    <Base.Item
                      key={choice.value}
                      value={choice}
                      disabled={choice.disabled}
                      className="flex cursor-default select-none gap-2 rounded-md px-2 py-1.5 text-sm outline-none data-highlighted:bg-chosen data-disabled:text-faint"
                    >
                      <span className="grid w-4 shrink-0 place-items-center self-start pt-0.5 text-accent">
                        <Base.ItemIndicator>
                          <Check className="size-4" aria-hidden />
                        </Base.ItemIndicator>
                      </span>
                      <span className="min-w-0">
                        <span className="block break-words">{choice.label}</span>
                        {choice.hint && <span className="block text-faint text-xs">{choice.hint}</span>}
                      </span>
                    </Base.Item>
                  )}
                </Base.List>
              </Base.Popup>
            </Base.Positioner>
          </Base.Portal>
        </Base.Root>
      )}
    </Field>
  )
}
