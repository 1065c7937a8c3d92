import { useEffect, useState } from 'react'
import type { Content } from '../../api/content.ts'
import { isObject } from '../../api/content.ts'
import { CodeEditor } from '../../ui/code-editor.tsx'
import { useHold } from '../../ui/hold.ts'
import { useWords } from '../../words/words.tsx'

export interface OptionsJsonProps {
  label: string
  value: unknown
  onChange(value: unknown): void
  readOnly: boolean
  error: string | undefined
  /** Nothing but an object is taken. */
  objectOnly?: boolean
  hint?: string
  /** Whether what is typed is no JSON yet, and so no part of `value`. */
  onBroken?(isBroken: boolean): void
}

/** Anything, as JSON: where no runtime says what can be set, or says it in a way that no form is drawn for. */
export function OptionsJson({
  label,
  value,
  onChange,
  readOnly,
  error,
  objectOnly = false,
  hint,
  onBroken,
}: OptionsJsonProps) {
  const words = useWords().parts
  const [typed, setTyped] = useState(() => textOf(value))
  const [said, setSaid] = useState(value)
  const [problem, setProblem] = useState<string>()
  const isBroken = problem !== undefined
  useHold(isBroken)
  useEffect(() => onBroken?.(isBroken), [onBroken, isBroken])
  // It changed by another way than by typing here.
  if (value !== said) {
    setSaid(value)
    setTyped(textOf(value))
    setProblem(undefined)
  }
  return (
    <CodeEditor
      label={label}
      language="json"
      readOnly={readOnly}
      value={typed}
      hint={hint}
      error={problem ?? error}
      onChange={(text) => {
        setTyped(text)
        const read = parsed(text)
        if (read === undefined || (objectOnly && !isObject(read.value))) {
          setProblem(words.notJson)
          return
        }
        setProblem(undefined)
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
