import type { ReactNode } from 'react'
import { tellUnplaced } from '../../api/problem.ts'
import { Notice } from '../../ui/notice.tsx'
import { useWords } from '../../words/words.tsx'

export interface AccountFormProps {
  onSubmit(): Promise<void>
  /** Why Studio refused what was sent last; `null` while it did not. */
  failure: Error | null
  /** The names of its fields: what these say of a failure is not said above them, too. */
  fields: readonly string[]
  /** Stands where a failure would. */
  notice?: ReactNode
  /** No wider than what it asks for, on a page with room. */
  narrow?: boolean
  children: ReactNode
}

/** The frame of a form about an account: what went wrong stands above its fields. */
export function AccountForm({ onSubmit, failure, fields, notice, narrow = false, children }: AccountFormProps) {
  const words = useWords()
  const told = tellUnplaced(failure, fields, words)
  return (
    <form
      noValidate
      className={`flex flex-col gap-4 ${narrow ? 'max-w-md' : ''}`}
      onSubmit={(event) => {
        event.preventDefault()
        void onSubmit()
      }}
    >
      {told ? <Notice kind="danger">{told.title}</Notice> : failure ? null : notice}
      {children}
    </form>
  )
}
