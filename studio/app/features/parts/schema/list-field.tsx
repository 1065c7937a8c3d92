import { Plus, X } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { TextField } from '../../../ui/text-field.tsx'
import { useWords } from '../../../words/words.tsx'
import { type FieldOf, useFormContext } from './context.ts'
import { asNumber, emptyOf, type Schema, shapeOf } from './shape.ts'

export interface ListFieldProps extends FieldOf {
  label: string
  hint: string | undefined
  item: Schema
}

/** Several of the same kind, in their order. */
export function ListField({ label, hint, hideLabel, item, path, value, onChange }: ListFieldProps) {
  const words = useWords()
  const { root, readOnly, errorAt, Field } = useFormContext()
  const items: unknown[] = Array.isArray(value) ? value : []
  const shape = shapeOf(item, root)
  const put = (at: number, next: unknown): void => onChange(items.map((one, index) => (index === at ? next : one)))
  const error = errorAt(path)
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className={hideLabel ? 'sr-only' : 'mb-1 font-medium text-sm'}>{label}</legend>
      {items.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what is in a list has no other name.
        <div key={at} className="flex max-w-96 items-start gap-1">
          <div className="min-w-0 flex-1">
            {shape.kind === 'text' || shape.kind === 'url' ? (
              <TextField
                label={words.parts.entry(label, at + 1)}
                hideLabel
                mono
                autoComplete="off"
                readOnly={readOnly}
                value={String(one)}
                error={errorAt([...path, at])}
                onChange={(text) => put(at, shape.kind === 'text' && shape.numeric ? asNumber(text) : text)}
              />
            ) : (
              <Field
                schema={item}
                path={[...path, at]}
                value={one}
                isRequired
                onChange={(next) => put(at, next ?? emptyOf(item, root))}
              />
            )}
          </div>
          {!readOnly && (
            <IconButton
              label={words.parts.removeEntry(label, at + 1)}
              icon={<X className="size-4" aria-hidden />}
              onClick={() => onChange(items.filter((_, index) => index !== at))}
            />
          )}
        </div>
      ))}
      {(error ?? hint) && <p className={error ? 'text-danger text-xs' : 'text-faint text-xs'}>{error ?? hint}</p>}
      {!readOnly && (
        <div>
          <Button
            size="small"
            icon={<Plus className="size-3.5" aria-hidden />}
            onClick={() => onChange([...items, emptyOf(item, root)])}
          >
            {words.ui.add}
            <span className="sr-only">{label}</span>
          </Button>
        </div>
      )}
    </fieldset>
  )
}
