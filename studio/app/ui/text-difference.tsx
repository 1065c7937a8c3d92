import { MergeView, unifiedMergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { editorLooks } from './editor-looks.ts'

const collapse = { margin: 3, minSize: 6 }

export default function TextDifference({ before, after, label }: { before: string; after: string; label: string }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const parent = place.current
    if (!parent) return
    const shared = [
      editorLooks,
      EditorView.lineWrapping,
      EditorView.editable.of(false),
      EditorState.readOnly.of(true),
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    ]
    if (matchMedia('(width < 48rem)').matches) {
      const merge = unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: collapse })
      const view = new EditorView({ doc: after, extensions: [shared, merge], parent })
      return () => view.destroy()
    }
    const view = new MergeView({
      a: { doc: before, extensions: shared },
      b: { doc: after, extensions: shared },
      collapseUnchanged: collapse,
      gutter: true,
      parent,
    })
    return () => view.destroy()
  }, [before, after, label])
  return <div ref={place} className="overflow-hidden rounded-md border border-edge" />
}
