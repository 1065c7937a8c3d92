import { useState } from 'react'
import { type Content, isObject, pointerOf, withValue } from '../../api/content.ts'
import { Code } from '../../ui/code.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { useUnread } from '../../ui/unread.ts'
import { useWords } from '../../words/words.tsx'
import { originSaid } from './origin.ts'
import { OptionsJson } from './options-json.tsx'
import { officialOf, originsOf } from './origins.ts'
import type { PartType } from './part-types.ts'
import type { Vault } from './schema/context.ts'
import { SchemaForm } from './schema/schema-form.tsx'

export interface PartFieldsProps {
  name: string
  content: Content
  change(content: Content): void
  errorAt(pointer: string): string | undefined
  readOnly: boolean
  /** What is installed; `null` where no runtime tells. */
  types: readonly PartType[] | null
  vault: Omit<Vault, 'official'> | null
}

/** What a connector or a model service is set to: a form, as the runtime says what can be set, or JSON. */
export function PartFields({ name, content, change, errorAt, readOnly, types, vault }: PartFieldsProps) {
  const words = useWords().parts
  const type = types?.find((one) => one.type === content['type'])
  const schema = type?.options ?? null
  const unread = Object.keys(useUnread().texts)
  // Who began with JSON, since no runtime told more, goes on with it when one does.
  const [view, setView] = useState<View>(() => viewOf(unread) ?? (schema === null ? 'json' : 'form'))
  const options = isObject(content['options']) ? content['options'] : {}
  const put = (next: unknown): void => change(withValue({ ...content, options: {} }, ['options'], next ?? {}))
  const json = (
    <OptionsJson
      label={words.options}
      place={['options']}
      value={options}
      objectOnly
      readOnly={readOnly}
      error={errorAt('/options')}
      onChange={put}
    />
  )
  return (
    <div className="flex flex-col gap-5">
      <KeyValue
        entries={[
          [words.type, <Code key="type">{String(content['type'])}</Code>],
          [words.origin, type ? originSaid(type.origin, words) : null],
        ]}
      />
      {types !== null && !type && <Notice kind="warn">{words.typeMissing}</Notice>}
      {errorAt('/type') && <Notice kind="danger">{errorAt('/type')}</Notice>}
      {schema === null ? (
        json
      ) : (
        <Tabs
          label={words.options}
          value={viewOf(unread) ?? view}
          // The other one could not show what is no JSON yet, and what is changed there would be at odds with it.
          onChange={(next) => setView(viewOf(unread) ?? next)}
          tabs={[
            {
              value: 'form',
              label: words.form,
              content: (
                <SchemaForm
                  schema={schema}
                  value={options}
                  onChange={put}
                  readOnly={readOnly}
                  place={['options']}
                  errorAt={(path) => errorAt(pointerOf(['options', ...path]))}
                  vault={vault && { ...vault, official: officialOf(schema) }}
                  origins={originsOf(schema, options)}
                  suggestName={(path) => secretNameOf(name, path.map(String))}
                />
              ),
            },
            { value: 'json', label: words.json, content: json },
          ]}
        />
      )}
    </div>
  )
}

type View = 'form' | 'json'

/** The one that shows what is no JSON yet: JSON where that is all of the options, the form where it is one of them. */
function viewOf(unread: readonly string[]): View | undefined {
  if (unread.length === 0) return undefined
  return unread.includes('/options') ? 'json' : 'form'
}

/** `TG_TOKEN` for the token of `tg`. */
function secretNameOf(name: string, path: readonly string[]): string {
  return [name, ...path]
    .join('_')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z\d]+/g, '_')
    .toUpperCase()
}
