import type { ComponentProps } from 'react'
import { classes } from './classes.ts'
import { Field, type TypedProps } from './field.tsx'

export interface TextAreaProps
  extends TypedProps,
    Pick<ComponentProps<'textarea'>, 'name' | 'autoFocus' | 'disabled' | 'placeholder' | 'spellCheck' | 'onKeyDown'> {
  /** Lines at first; it grows with what is typed, up to 20. Default 3. */
  rows?: number
}

/** Several lines of text. For Markdown and JSON there is `CodeEditor`. */
export function TextArea({
  value,
  onChange,
  onBlur,
  rows = 3,
  mono = false,
  label,
  hint,
  error,
  optional,
  hideLabel,
  className,
  ...rest
}: TextAreaProps) {
  return (
    <Field {...{ label, hint, error, optional, hideLabel, className }}>
      {(control) => (
        <textarea
          {...rest}
          {...control}
          rows={rows}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onBlur={onBlur}
          className={classes(
            'field field-sizing-content max-h-112 resize-y px-2.5 py-1.5',
            mono && 'font-mono text-sm',
          )}
        />
      )}
    </Field>
  )
}
