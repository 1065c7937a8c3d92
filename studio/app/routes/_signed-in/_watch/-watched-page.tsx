import { Fragment, type ReactNode } from 'react'
import type { Runtime } from '../../../../src/schemas/runtime.ts'
import { useRuntime } from '../../../shell/runtime.ts'
import { useTitle } from '../../../shell/title.ts'
import { PageHeader } from '../../../ui/page-header.tsx'

export interface WatchedPageProps {
  title: string
  text: string
  /** What is below the title; it begins anew when another runtime is watched. */
  children(runtime: Runtime): ReactNode
}

/** A list of what happens in the runtime that is watched. */
export function WatchedPage({ title, text, children }: WatchedPageProps) {
  const runtime = useRuntime()
  useTitle(title)
  return (
    <>
      <PageHeader title={title} text={text} />
      {runtime && <Fragment key={runtime.id}>{children(runtime)}</Fragment>}
    </>
  )
}
