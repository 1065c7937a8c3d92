import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { type Content, isObject } from '../../../api/content.ts'
import { Button } from '../../../ui/button.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { TextField } from '../../../ui/text-field.tsx'
import { useWords } from '../../../words/words.tsx'
import { type FieldOf, useFormContext } from './context.ts'
import { emptyOf, type Schema } from './shape.ts'

export interface MapFieldProps extends FieldOf {
  label: string
  hint: string | undefined
  item: Schema
}

/** Values by names that are free: headers. A map of another name has to be told to `part-label.ts`, which knows no schema. */
export function MapField({ label, hint, hideLabel, item, path, value, onChange }: MapFieldProps) {
  const words = useWords()
  const { root, readOnly, Field } = useFormContext()
  const [name, setName] = useState('')
  const content = isObject(value) ? value : {}
  const put = (next: Content): void => onChange(Object.keys(next).length === 0 ? undefined : next)
  const add = (): void => {
    if (name.trim() === '' || Object.hasOwn(content, name.trim())) return
    put({ ...content, [name.trim()]: emptyOf(item, root) })
    setName('')
  }
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className={hideLabel ? 'sr-only' : 'mb-1 font-medium text-sm'}>{label}</legend>
      {hint && <p className="text-faint text-xs">{hint}</p>}
      {Object.entries(content).map(([key, one]) => (
        <div key={key} className="flex items-start gap-1">
          <div className="min-w-0 flex-1">
            <Field
              schema={item}
              name={key}
              path={[...path, key]}
              value={one}
              isRequired
              onChange={(next) => put({ ...content, [key]: next ?? '' })}
            />
          </div>
          {!readOnly && (
            <IconButton
              label={`${words.ui.remove}: ${key}`}
              icon={<X className="size-4" aria-hidden />}
              onClick={() => put(Object.fromEntries(Object.entries(content).filter(([other]) => other !== key)))}
            />
          )}
        </div>
      ))}
      {!readOnly && (
        <div className="flex max-w-96 items-center gap-2">
          <TextField
            className="flex-1"
            label={words.parts.entryName(label)}
            hideLabel
            mono
            autoComplete="off"
            placeholder={words.ui.name}
            maxLength={200}
            value={name}
            onChange={setName}
          />
          <Button icon={<Plus className="size-3.5" aria-hidden />} onClick={add} disabled={name.trim() === ''}>
            {words.ui.add}
          </Button>
        </div>
      )}
    </fieldset>
  )
}
