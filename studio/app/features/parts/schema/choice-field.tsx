import { Select } from '../../../ui/select.tsx'
import type { Words } from '../../../words/english.ts'
import { useWords } from '../../../words/words.tsx'
import { type FieldOf, useFormContext } from './context.ts'
import { chosenOf, defaultOf, emptyOf, type Schema, shapeOf } from './shape.ts'

export interface ChoiceFieldProps extends FieldOf {
  label: string
  hint: string | undefined
  options: readonly Schema[]
}

/** One of several forms: first which, then what that asks for. */
export function ChoiceField({ label, hint, options, schema, path, value, onChange, isRequired }: ChoiceFieldProps) {
  const words = useWords()
  const { root, readOnly, errorAt, Field } = useFormContext()
  const usual = defaultOf(schema, root)
  const held = value ?? usual
  const chosen = held === undefined ? -1 : chosenOf(options, held, root)
  const option = options[chosen]
  const mayBeUnset = !isRequired && usual === undefined
  const kind = option ? shapeOf(option, root).kind : null
  return (
    <div className="flex flex-col gap-2">
      <Select
        label={label}
        hint={kind === 'const' ? (hintOf(held, words) ?? hint) : hint}
        error={kind === 'const' || kind === null ? errorAt(path) : undefined}
        className="max-w-80"
        disabled={readOnly}
        optional={mayBeUnset}
        value={String(chosen)}
        onChange={(next) => {
          const at = Number(next)
          const wanted = options[at]
          if (at !== chosen) onChange(wanted === undefined ? undefined : emptyOf(wanted, root))
        }}
        choices={[
          ...(mayBeUnset ? [{ value: '-1', label: words.parts.unset }] : []),
          ...options.map((one, at) => ({ value: String(at), label: titleOf(one, root, words) })),
        ]}
      />
      {option && kind !== 'const' && (
        <div className="border-line border-l-2 pl-4">
          <Field
            schema={option}
            path={path}
            value={held}
            isRequired
            hideLabel
            onChange={(next) => onChange(next ?? emptyOf(option, root))}
          />
        </div>
      )}
    </div>
  )
}

/** What a value that is one of several means, where that is not what the others mean. */
function hintOf(value: unknown, { parts }: Words): string | undefined {
  return Object.hasOwn(parts.valueHints, String(value)) ? parts.valueHints[String(value)] : undefined
}

function titleOf(schema: Schema, root: Schema, words: Words): string {
  const { title } = schema as { title?: unknown }
  if (typeof title === 'string') return title
  const shape = shapeOf(schema, root)
  if (shape.kind !== 'const') return words.parts.forms[shape.kind]
  const value = String(shape.value)
  const { values } = words.parts
  return Object.hasOwn(values, value) ? (values as Record<string, string>)[value]! : value
}
