import { lazy, Suspense } from 'react'

const Rendered = lazy(() => import('./markdown-rendered.tsx'))

/**
 * Markdown that somebody or a model wrote. Raw HTML in it is shown as text, images are shown as their links (a picture
 * of a foreign host would tell it who reads), links open elsewhere and tell nothing of this page.
 */
export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<div className="whitespace-pre-wrap break-words">{text}</div>}>
      <Rendered text={text} />
    </Suspense>
  )
}
