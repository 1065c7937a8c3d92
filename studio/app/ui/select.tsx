import { CSPProvider } from '@base-ui/react/csp-provider'
import { Select as Base } from '@base-ui/react/select'
import { ChevronsUpDown } from 'lucide-react'
import { useRef } from 'react'
import { type Choice, ChoiceLine, choiceClasses, choiceListClasses } from './choice.tsx'
import { classes } from './classes.ts'
import { Field, type FieldProps } from './field.tsx'
import { landmarkOf } from './landmark.ts'

export type { Choice }

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
  const trigger = useRef<HTMLButtonElement>(null)
  return (
    <Field {...field}>
      {(control) => (
        // Its styles would be an element of the page, which the content security policy refuses; none of them is needed here.
        <CSPProvider disableStyleElements>
          <Base.Root
            value={value}
            onValueChange={(next) => next !== null && onChange(next as Value)}
            items={choices as { value: Value; label: string }[]}
            disabled={disabled}
            name={name}
            modal={false}
          >
            <Base.Trigger
              {...control}
              ref={trigger}
              className="field flex h-8 items-center justify-between gap-2 px-2.5 text-left"
            >
              <Base.Value
                placeholder={placeholder}
                className={classes('min-w-0 flex-1 truncate', 'data-placeholder:text-faint')}
              />
              <Base.Icon className="text-faint">
                <ChevronsUpDown className="size-3.5" aria-hidden />
              </Base.Icon>
            </Base.Trigger>
            <Base.Portal container={landmarkOf(trigger)}>
              <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
                <Base.Popup className={classes(choiceListClasses, 'min-w-(--anchor-width) max-w-80')}>
                  <Base.List>
                    {choices.map((choice) => (
                      <Base.Item
                        key={choice.value}
                        value={choice.value}
                        disabled={choice.disabled}
                        className={choiceClasses}
                      >
                        <ChoiceLine
                          choice={choice}
                          Indicator={Base.ItemIndicator}
                          label={<Base.ItemText>{choice.label}</Base.ItemText>}
                        />
                      </Base.Item>
                    ))}
                  </Base.List>
                </Base.Popup>
              </Base.Positioner>
            </Base.Portal>
          </Base.Root>
        </CSPProvider>
      )}
    </Field>
  )
}
