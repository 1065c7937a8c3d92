import { type Content, isObject, withValue } from '../../api/content.ts'
import { KeyValue } from '../../ui/key-value.tsx'
import type { Words } from '../../words/english.ts'
import { useWords } from '../../words/words.tsx'
import { OptionsJson } from './options-json.tsx'

export interface PartFieldsProps {
  content: Content
  change(content: Content): void
  errorAt(pointer: string): string | undefined
  readOnly: boolean
}

/** What a connector or a model service is set to. */
export function PartFields({ content, change, errorAt, readOnly }: PartFieldsProps) {
  const words = useWords().parts
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      <KeyValue entries={[[words.type, String(content['type'])]]} />
      <OptionsJson
        label={words.options}
        value={isObject(content['options']) ? content['options'] : {}}
        objectOnly
        readOnly={readOnly}
        error={errorAt('/options')}
        onChange={(options) => change(withValue(content, ['options'], options ?? {}))}
      />
    </div>
  )
}

/** What a place in a connector or a model service is called. */
export function partLabel(pointer: string, words: Words): string {
  const steps = pointer.slice(1).split('/')
  if (steps[0] === 'type') return words.parts.type
  if (steps[0] === 'options' && steps.length === 1) return words.parts.options
  return steps.slice(1).join(' › ')
}
