import { useState } from 'react'
import type { Content } from '../../api/content.ts'
import { isObject, type Path, pointerOf } from '../../api/content.ts'
import { CodeEditor } from '../../ui/code-editor.tsx'
import { useUnread } from '../../ui/unread.ts'
import { useWords } from '../../words/words.tsx'

export interface OptionsJsonProps {
  label: string
  /** Where it stands in the item. */
  place: Path
  value: unknown
  onChange(value: unknown): void
  readOnly: boolean
  error: string | undefined
  /** Nothing but an object is taken. */
  objectOnly?: boolean
  hint?: string
}

/** Anything, as JSON: where no runtime says what can be set, or says it in a way that no form is drawn for. */
export function OptionsJson({
  label,
  place,
  value,
  onChange,
  readOnly,
  error,
  objectOnly = false,
  hint,
}: OptionsJsonProps) {
  const words = useWords().parts
  const { texts, keep } = useUnread()
  const pointer = pointerOf(place)
  // What is no JSON yet is no part of `value`: the form keeps it.
  const unread = texts[pointer]
  const [typed, setTyped] = useState(() => textOf(value))
  const [said, setSaid] = useState(value)
  // It changed by another way than by typing here.
  if (value !== said) {
    setSaid(value)
    setTyped(textOf(value))
  }
  return (
    <CodeEditor
      label={label}
      language="json"
      readOnly={readOnly}
      value={unread ?? typed}
      hint={hint}
      error={unread === undefined ? error : words.notJson}
      onChange={(text) => {
        const read = parsed(text)
        if (read === undefined || (objectOnly && !isObject(read.value))) {
          keep(pointer, text)
          return
        }
        keep(pointer, null)
        setTyped(text)
        setSaid(read.value)
        onChange(read.value)
      }}
    />
  )
}

function textOf(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2)
}

function parsed(text: string): { value: Content | unknown } | undefined {
  if (text.trim() === '') return { value: undefined }
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}
