import { Combobox as Base } from '@base-ui/react/combobox'
import { ChevronsUpDown } from 'lucide-react'
import { useRef } from 'react'
import { useWords } from '../words/words.tsx'
import { type Choice, ChoiceLine, choiceClasses, choiceListClasses } from './choice.tsx'
import { classes } from './classes.ts'
import { Field, type FieldProps } from './field.tsx'
import { landmarkOf } from './landmark.ts'

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
  const input = useRef<HTMLInputElement>(null)
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
              ref={input}
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
          <Base.Portal container={landmarkOf(input)}>
            <Base.Positioner sideOffset={4} className="z-50 outline-none">
              <Base.Popup className={classes(choiceListClasses, 'w-(--anchor-width)')}>
                <Base.Empty className="px-2 py-1.5 text-faint text-sm empty:hidden">
                  {free ? '' : words.ui.noMatch}
                </Base.Empty>
                <Base.List>
                  {(choice: Choice<string>) => (
                    <Base.Item key={choice.value} value={choice} disabled={choice.disabled} className={choiceClasses}>
                      <ChoiceLine choice={choice} Indicator={Base.ItemIndicator} />
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
