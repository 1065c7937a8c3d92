import { type ReactNode, useId } from 'react'
import { useWords } from '../words/words.tsx'
import { classes } from './classes.ts'

/** What every field has, whatever is typed or chosen in it. */
export interface FieldProps {
  label: string
  /** One line below that explains. */
  hint?: ReactNode
  /** What is wrong with it; it takes the place of the hint. */
  error?: string | undefined
  /** Says "optional" beside the label; without it a field is needed. */
  optional?: boolean
  /** The label is for screen readers alone, where the place says it already. */
  hideLabel?: boolean
  className?: string
}

/** What a field has that text is typed into. */
export interface TypedProps extends FieldProps {
  value: string
  onChange(value: string): void
  onBlur?(): void
  /** Names, addresses, keys: in the font in which l and 1 differ. */
  mono?: boolean
}

/** What the control inside has to carry. */
export interface ControlProps {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean | undefined
}

/** Label, control, hint or error, tied together for a screen reader. */
export function Field({
  label,
  hint,
  error,
  optional = false,
  hideLabel = false,
  className,
  children,
}: FieldProps & { children: (control: ControlProps) => ReactNode }) {
  const words = useWords()
  const id = useId()
  const said = error ?? hint
  return (
    <div className={classes('flex min-w-0 flex-col gap-1', className)}>
      <label
        htmlFor={id}
        className={hideLabel ? 'sr-only' : 'flex items-baseline gap-2 font-medium text-sm wrap-anywhere'}
      >
        {label}
        {optional && <span className="font-normal text-faint text-xs">{words.ui.optional}</span>}
      </label>
      {children({
        id,
        'aria-describedby': said ? `${id}-said` : undefined,
        'aria-invalid': error === undefined ? undefined : true,
      })}
      {said && (
        <p id={`${id}-said`} className={classes('text-xs', error ? 'text-danger' : 'text-faint')}>
          {said}
        </p>
      )}
    </div>
  )
}
