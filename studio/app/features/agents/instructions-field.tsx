import { useState } from 'react'
import { CodeEditor } from '../../ui/code-editor.tsx'
import { Markdown } from '../../ui/markdown.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { useFormats, useWords } from '../../words/words.tsx'

export interface InstructionsFieldProps {
  value: string
  onChange(value: string): void
  readOnly: boolean
  error: string | undefined
}

/** As many as a release takes. */
const most = 200_000

/** Written in Markdown, and shown as people read it. */
export function InstructionsField({ value, onChange, readOnly, error }: InstructionsFieldProps) {
  const words = useWords().agents
  const formats = useFormats()
  const [view, setView] = useState<'write' | 'preview'>('write')
  return (
    <section aria-label={words.instructions}>
      <h2 className="mb-1 font-medium text-sm">{words.instructions}</h2>
      <Tabs
        label={words.instructions}
        value={view}
        onChange={(next) => setView(next)}
        tabs={[
          {
            value: 'write',
            label: readOnly ? words.source : words.write,
            content: (
              <CodeEditor
                label={words.instructions}
                hideLabel
                language="markdown"
                height="26rem"
                readOnly={readOnly}
                placeholder={words.instructionsPlaceholder}
                value={value}
                onChange={onChange}
                error={error}
                hint={words.characters(formats.number(value.length), formats.number(most))}
              />
            ),
          },
          {
            value: 'preview',
            label: words.preview,
            content: (
              <div className="min-h-104 rounded-md border border-edge p-4">
                {value.trim() === '' ? <p className="text-faint">{words.noInstructions}</p> : <Markdown text={value} />}
              </div>
            ),
          },
        ]}
      />
    </section>
  )
}
