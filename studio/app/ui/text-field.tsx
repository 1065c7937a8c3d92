import { Eye, EyeOff } from 'lucide-react'
import { type ComponentProps, useState } from 'react'
import { useWords } from '../words/words.tsx'
import { classes } from './classes.ts'
import { Field, type TypedProps } from './field.tsx'

export interface TextFieldProps
  extends TypedProps,
    Pick<
      ComponentProps<'input'>,
      | 'name'
      | 'autoComplete'
      | 'autoFocus'
      | 'disabled'
      | 'placeholder'
      | 'readOnly'
      | 'spellCheck'
      | 'inputMode'
      | 'maxLength'
    > {
  /** `password` gets a button that shows it. Default `text`. */
  type?: 'text' | 'password' | 'url' | 'email'
}

/** One line of text. */
export function TextField({
  value,
  onChange,
  onBlur,
  type = 'text',
  mono = false,
  label,
  hint,
  error,
  optional,
  hideLabel,
  className,
  ...rest
}: TextFieldProps) {
  const [shown, setShown] = useState(false)
  const isPassword = type === 'password'
  return (
    <Field {...{ label, hint, error, optional, hideLabel, className }}>
      {(control) => (
        <span className="relative flex">
          <input
            {...rest}
            {...control}
            type={isPassword && shown ? 'text' : type}
            value={value}
            onChange={(event) => onChange(event.target.value)}
            onBlur={onBlur}
            className={classes('field h-8 px-2.5', mono && 'font-mono text-sm', isPassword && 'pr-9')}
          />
          {isPassword && <Reveal shown={shown} onChange={setShown} />}
        </span>
      )}
    </Field>
  )
}

function Reveal({ shown, onChange }: { shown: boolean; onChange: (shown: boolean) => void }) {
  const words = useWords()
  const Icon = shown ? EyeOff : Eye
  return (
    <button
      type="button"
      aria-label={shown ? words.account.hidePassword : words.account.showPassword}
      aria-pressed={shown}
      onClick={() => onChange(!shown)}
      className="absolute inset-y-0 right-0 grid w-8 place-items-center rounded-md text-faint hover:text-ink"
    >
      <Icon className="size-4" aria-hidden />
    </button>
  )
}
