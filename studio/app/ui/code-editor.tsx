import { lazy, Suspense } from 'react'
import type { EditedText } from './code-editor-view.tsx'
import { Field, type FieldProps } from './field.tsx'
import { Skeleton } from './skeleton.tsx'

export interface CodeEditorProps extends FieldProps, EditedText {
  /** Least height as a CSS length; it grows with the text, up to 60 % of the window. Default `12rem`. */
  height?: string
}

const Editor = lazy(() => import('./code-editor-view.tsx'))

/**
 * Markdown and JSON, with CodeMirror, which is loaded with the first one. Tab leaves it, as everywhere on a page;
 * indent with ⌘] and ⌘[.
 */
export function CodeEditor({ value, height = '12rem', ...rest }: CodeEditorProps) {
  const { label, hint, error, optional, hideLabel, className, ...editor } = rest
  return (
    <Field {...{ label, hint, error, optional, hideLabel, className }}>
      {(control) => (
        <Suspense
          fallback={
            <div className="rounded-md border border-control p-3" style={{ minHeight: height }}>
              <Skeleton className="h-3 w-2/5" />
            </div>
          }
        >
          <Editor {...editor} value={value} height={height} label={label} control={control} />
        </Suspense>
      )}
    </Field>
  )
}
