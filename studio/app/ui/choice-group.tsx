import { type ReactNode, useId } from 'react'
import { classes } from './classes.ts'

export interface GroupChoice<Value extends string> {
  value: Value
  label: string
  hint?: string
  icon?: ReactNode
}

export interface ChoiceGroupProps<Value extends string> {
  /** The question. */
  label: string
  hideLabel?: boolean
  value: Value | null
  onChange(value: Value): void
  choices: readonly GroupChoice<Value>[]
  /** `cards` have room for hints; `row` is a line of short ones. Default `cards`. */
  shape?: 'cards' | 'row'
  error?: string | undefined
}

/** One of a few that are all seen at once. Arrow keys choose. */
export function ChoiceGroup<Value extends string>({
  label,
  hideLabel = false,
  value,
  onChange,
  choices,
  shape = 'cards',
  error,
}: ChoiceGroupProps<Value>) {
  const name = useId()
  const isRow = shape === 'row'
  return (
    <fieldset aria-describedby={error ? `${name}-error` : undefined}>
      <legend className={hideLabel ? 'sr-only' : 'mb-1 font-medium text-sm'}>{label}</legend>
      <div className={isRow ? 'inline-flex flex-wrap gap-1' : 'grid gap-2 sm:grid-cols-2'}>
        {choices.map((choice) => (
          <label
            key={choice.value}
            className={classes(
              'flex cursor-pointer gap-2 rounded-md border border-edge text-sm hover:bg-hover has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-1',
              isRow ? 'items-center px-2.5 py-1' : 'p-3',
            )}
          >
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={value === choice.value}
              onChange={() => onChange(choice.value)}
            />
            {choice.icon && <span className="mt-0.5 shrink-0 text-faint [&>svg]:size-4">{choice.icon}</span>}
            <span className="min-w-0">
              <span className="block font-medium">{choice.label}</span>
              {choice.hint && <span className="block text-soft text-xs">{choice.hint}</span>}
            </span>
          </label>
        ))}
      </div>
      {error && (
        <p id={`${name}-error`} className="mt-1 text-danger text-xs">
          {error}
        </p>
      )}
    </fieldset>
  )
}
