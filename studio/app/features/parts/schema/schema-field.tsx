import { isObject, saysTheSame } from '../../../api/content.ts'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { NumberField } from '../../../ui/number-field.tsx'
import { Select } from '../../../ui/select.tsx'
import { TextField } from '../../../ui/text-field.tsx'
import { useFormats, useWords } from '../../../words/words.tsx'
import { OptionsJson } from '../options-json.tsx'
import { ChoiceField } from './choice-field.tsx'
import { type FieldOf, useFormContext } from './context.ts'
import { ListField } from './list-field.tsx'
import { MapField } from './map-field.tsx'
import { namesOf } from './names.ts'
import { ObjectFields } from './object-fields.tsx'
import { SecretField } from './secret-field.tsx'
import { asNumber, defaultOf, shapeOf } from './shape.ts'

/** One field, by what its schema asks for. What says the default is left out, so that it follows the default. */
export function SchemaField(field: FieldOf) {
  const { schema, path, value, isRequired } = field
  const words = useWords()
  const formats = useFormats()
  const { root, place, readOnly, errorAt } = useFormContext()
  const shape = shapeOf(schema, root)
  const usual = defaultOf(schema, root)
  const names = namesOf(path, schema, words)
  const label = field.name ?? names.label
  const hint = field.hideLabel ? undefined : names.hint
  const error = errorAt(path)
  const onChange = (next: unknown): void =>
    field.onChange(next === '' || next === null || (usual !== undefined && saysTheSame(next, usual)) ? undefined : next)
  const shared = { label, hint, error, hideLabel: field.hideLabel, optional: !isRequired && usual === undefined }
  switch (shape.kind) {
    case 'secret':
      return <SecretField {...field} label={label} hint={hint} />
    case 'boolean':
      return (
        <Checkbox
          label={label}
          hint={error ?? hint}
          disabled={readOnly}
          checked={typeof value === 'boolean' ? value : usual === true}
          onChange={onChange}
        />
      )
    case 'number':
      return (
        <NumberField
          {...shared}
          className="max-w-60"
          unit={String(path.at(-1)).endsWith('Ms') ? words.parts.milliseconds : undefined}
          placeholder={typeof usual === 'number' ? formats.number(usual) : undefined}
          min={shape.least}
          max={shape.most}
          step={shape.step}
          disabled={readOnly}
          value={typeof value === 'number' ? value : null}
          onChange={onChange}
        />
      )
    case 'enum':
      return (
        <Select
          {...shared}
          className="max-w-80"
          disabled={readOnly}
          value={typeof value === 'string' ? value : typeof usual === 'string' ? usual : ''}
          onChange={onChange}
          choices={[
            ...(isRequired || usual !== undefined ? [] : [{ value: '', label: words.parts.unset }]),
            ...shape.values.map((one) => ({ value: one, label: one })),
          ]}
        />
      )
    case 'list':
      return <ListField {...field} {...shared} item={shape.item} onChange={onChange} />
    case 'map':
      return <MapField {...field} label={label} hint={hint} item={shape.item} />
    case 'choice':
      return <ChoiceField {...field} label={label} hint={hint} options={shape.options} onChange={onChange} />
    case 'object':
      return <ObjectGroup {...field} label={label} hint={hint} hasDefault={usual !== undefined} onChange={onChange} />
    case 'const':
      return null
    case 'any':
      return (
        <OptionsJson {...shared} place={[...place, ...path]} value={value} readOnly={readOnly} onChange={onChange} />
      )
    default:
      return (
        <TextField
          {...shared}
          mono={shape.kind === 'url'}
          type={shape.kind === 'url' ? 'url' : 'text'}
          autoComplete="off"
          readOnly={readOnly}
          placeholder={typeof usual === 'string' ? usual : undefined}
          value={typeof value === 'string' || typeof value === 'number' ? String(value) : ''}
          onChange={(text) => onChange(shape.kind === 'text' && shape.numeric ? asNumber(text) : text)}
        />
      )
  }
}

/** Several settings that belong together; those that may be left out altogether are switched on first. */
function ObjectGroup(props: FieldOf & { label: string; hint: string | undefined; hasDefault: boolean }) {
  const { label, hint, isRequired, hasDefault, value, onChange, schema, path } = props
  const { readOnly } = useFormContext()
  const isOptional = !isRequired && !hasDefault
  const isOn = isObject(value)
  return (
    <fieldset>
      {isOptional ? (
        <>
          <legend className="sr-only">{label}</legend>
          <Checkbox
            label={label}
            hint={hint}
            disabled={readOnly}
            checked={isOn}
            onChange={(on) => onChange(on ? {} : undefined)}
          />
        </>
      ) : (
        <>
          <legend className={props.hideLabel ? 'sr-only' : 'font-medium text-sm'}>{label}</legend>
          {hint && <p className="text-faint text-xs">{hint}</p>}
        </>
      )}
      {(isOn || !isOptional) && (
        <div className="mt-3 border-line border-l-2 pl-4">
          <ObjectFields
            schema={schema}
            path={path}
            value={value}
            // Switched on, it stays so though nothing is set in it yet.
            onChange={(next) => onChange(next ?? (isOptional ? {} : undefined))}
          />
        </div>
      )}
    </fieldset>
  )
}
