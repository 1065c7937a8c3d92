import type { Content } from '../../../api/content.ts'
import { FormContext } from './context.ts'
import { ObjectFields } from './object-fields.tsx'
import { SchemaField } from './schema-field.tsx'

export interface SchemaFormProps extends Omit<FormContext, 'root' | 'Field'> {
  schema: FormContext['root']
  value: Content
  onChange(value: Content): void
}

/** A form for whatever a JSON Schema asks for, with our own fields. What it cannot draw is written as JSON at its place. */
export function SchemaForm({ schema, value, onChange, ...context }: SchemaFormProps) {
  return (
    <FormContext value={{ ...context, root: schema, Field: SchemaField }}>
      <ObjectFields schema={schema} path={[]} value={value} onChange={(next) => onChange((next ?? {}) as Content)} />
    </FormContext>
  )
}
