import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { markdown } from '@codemirror/lang-markdown'
import { bracketMatching } from '@codemirror/language'
import { setDiagnostics } from '@codemirror/lint'
import { Compartment, EditorState } from '@codemirror/state'
import { EditorView, keymap, placeholder as placeholderOf } from '@codemirror/view'
import { type CSSProperties, useEffect, useRef } from 'react'
import { editorLooks } from './editor-looks.ts'
import type { ControlProps } from './field.tsx'

const grammars = { markdown: () => markdown(), json: () => json(), text: () => [] }

export interface EditorProblem {
  /** Where, as offsets in the text. */
  from: number
  to: number
  message: string
}

export interface EditedText {
  value: string
  onChange(value: string): void
  language: 'markdown' | 'json' | 'text'
  placeholder?: string
  readOnly?: boolean
  /** Marked in the text. */
  problems?: readonly EditorProblem[]
}

interface ViewProps extends EditedText {
  height: string
  label: string
  control: ControlProps
}

export default function CodeEditorView(props: ViewProps) {
  const { value, onChange, language, height, label, placeholder, readOnly = false, problems, control } = props
  const place = useRef<HTMLDivElement>(null)
  const editor = useRef<{ view: EditorView; attributes: Compartment }>(null)
  const changed = useRef(onChange)
  changed.current = onChange

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text goes in by the effect below, and not by a new editor.
  useEffect(() => {
    if (!place.current) return
    const attributes = new Compartment()
    const view = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          history(),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          bracketMatching(),
          EditorView.lineWrapping,
          grammars[language](),
          editorLooks,
          placeholder ? placeholderOf(placeholder) : [],
          EditorState.readOnly.of(readOnly),
          attributes.of([]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current(update.state.doc.toString())
          }),
        ],
      }),
    })
    editor.current = { view, attributes }
    return () => view.destroy()
  }, [language, placeholder, readOnly])

  useEffect(() => {
    const view = editor.current?.view
    if (!view || view.state.doc.toString() === value) return
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } })
  }, [value])

  const described = control['aria-describedby']
  const invalid = control['aria-invalid'] === true
  useEffect(() => {
    const now = editor.current
    if (!now) return
    const given: Record<string, string> = { id: control.id, 'aria-label': label }
    if (described) given['aria-describedby'] = described
    if (invalid) given['aria-invalid'] = 'true'
    now.view.dispatch({ effects: now.attributes.reconfigure(EditorView.contentAttributes.of(given)) })
  }, [control.id, described, invalid, label])

  useEffect(() => {
    const view = editor.current?.view
    if (!view) return
    const end = view.state.doc.length
    const shown = (problems ?? []).map((one) => ({
      from: Math.min(one.from, end),
      to: Math.min(one.to, end),
      severity: 'error' as const,
      message: one.message,
    }))
    view.dispatch(setDiagnostics(view.state, shown))
  }, [problems])

  return (
    <div
      ref={place}
      aria-invalid={control['aria-invalid']}
      style={{ '--least': height } as CSSProperties}
      className="field overflow-hidden [&_.cm-content]:min-h-(--least)! [&_.cm-scroller]:max-h-[60dvh] [&_.cm-scroller]:overflow-auto"
    />
  )
}
