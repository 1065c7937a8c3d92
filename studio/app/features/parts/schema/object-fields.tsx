import { type ReactNode, useState } from 'react'
import { isObject, withValue } from '../../../api/content.ts'
import { useWords } from '../../../words/words.tsx'
import { type FieldOf, useFormContext } from './context.ts'
import { defaultOf, type SchemaField, shapeOf } from './shape.ts'

/** The fields of an object: what is needed first; at the top of a form, what is rarely touched stays folded. */
export function ObjectFields({ schema, path, value, onChange }: Omit<FieldOf, 'isRequired'>) {
  const { root, errorAt, Field } = useFormContext()
  const shape = shapeOf(schema, root)
  if (shape.kind !== 'object') return null
  const content = isObject(value) ? value : {}
  const draw = (field: SchemaField) => (
    <Field
      key={field.name}
      schema={field.schema}
      path={[...path, field.name]}
      value={content[field.name]}
      isRequired={field.isRequired}
      onChange={(next) => onChange(withValue(content, [field.name], next))}
    />
  )
  if (path.length > 0) {
    const isShort = shape.fields.every((field) => shapeOf(field.schema, root).kind === 'number')
    return <div className={isShort ? 'grid gap-4 sm:grid-cols-2' : 'flex flex-col gap-4'}>{shape.fields.map(draw)}</div>
  }

  const isFirst = ({ name, schema: of, isRequired }: SchemaField): boolean => {
    const { kind } = shapeOf(of, root)
    if (isRequired || kind === 'secret') return true
    return defaultOf(of, root) !== undefined && ['url', 'choice', 'list'].includes(kind) && name !== 'proxy'
  }
  const first = [...shape.fields].sort((a, b) => Number(b.isRequired) - Number(a.isRequired)).filter(isFirst)
  const rest = shape.fields.filter((field) => !isFirst(field))
  const isTouched = rest.some(({ name }) => content[name] !== undefined || errorAt([...path, name]) !== undefined)
  return (
    <div className="flex flex-col gap-5">
      {first.map(draw)}
      {rest.length > 0 && (
        <More count={rest.length} isOpenFirst={isTouched || first.length === 0}>
          {rest.map(draw)}
        </More>
      )}
    </div>
  )
}

/** Folded until somebody opens it. It begins open where something is set, and stays as it is while that changes. */
function More({ count, isOpenFirst, children }: { count: number; isOpenFirst: boolean; children: ReactNode }) {
  const words = useWords().parts
  const [isOpen, setOpen] = useState(isOpenFirst)
  return (
    <details
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="border-line border-t pt-4"
    >
      <summary className="w-fit cursor-pointer rounded-sm font-medium text-sm text-soft hover:text-ink">
        {words.more(count)}
      </summary>
      <div className="mt-4 flex flex-col gap-5">{children}</div>
    </details>
  )
}
