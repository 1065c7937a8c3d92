import { NumberField as Base } from '@base-ui/react/number-field'
import { Minus, Plus } from 'lucide-react'
import { useWords } from '../words/words.tsx'
import { Field, type FieldProps } from './field.tsx'

export interface NumberFieldProps extends FieldProps {
  /** `null` while it is empty. */
  value: number | null
  onChange(value: number | null): void
  min?: number
  max?: number
  /** Default 1. */
  step?: number
  /** Shown behind the number: `ms`. */
  unit?: string
  placeholder?: string
  disabled?: boolean
  name?: string
}

/** A number, typed or stepped (arrow keys; with Shift by ten steps). */
export function NumberField({
  value,
  onChange,
  min,
  max,
  step = 1,
  unit,
  placeholder,
  disabled,
  name,
  ...field
}: NumberFieldProps) {
  const words = useWords()
  const stepper = 'grid w-7 shrink-0 place-items-center text-faint hover:text-ink disabled:opacity-40'
  return (
    <Field {...field}>
      {(control) => (
        <Base.Root
          id={control.id}
          value={value}
          onValueChange={onChange}
          min={min}
          max={max}
          step={step}
          largeStep={step * 10}
          disabled={disabled}
          name={name}
        >
          <Base.Group className="field flex h-8 items-stretch overflow-hidden" aria-invalid={control['aria-invalid']}>
            <Base.Input
              placeholder={placeholder}
              aria-describedby={control['aria-describedby']}
              aria-invalid={control['aria-invalid']}
              className="min-w-0 flex-1 bg-transparent px-2.5 outline-none"
            />
            {unit && <span className="self-center pr-1 text-faint text-sm">{unit}</span>}
            <Base.Decrement className={stepper} aria-label={words.ui.decrease}>
              <Minus className="size-3.5" aria-hidden />
            </Base.Decrement>
            <Base.Increment className={stepper} aria-label={words.ui.increase}>
              <Plus className="size-3.5" aria-hidden />
            </Base.Increment>
          </Base.Group>
        </Base.Root>
      )}
    </Field>
  )
}
