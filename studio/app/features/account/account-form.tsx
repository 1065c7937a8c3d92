import type { ReactNode } from 'react'
import { tell } from '../../api/problem.ts'
import { Notice } from '../../ui/notice.tsx'
import { useWords } from '../../words/words.tsx'

export interface AccountFormProps {
  onSubmit(): Promise<void>
  /** Why Studio refused what was sent last; `null` while it did not. */
  failure: Error | null
  /** Stands where a failure would. */
  notice?: ReactNode
  /** No wider than what it asks for, on a page with room. */
  narrow?: boolean
  children: ReactNode
}

/** The frame of a form about an account: what went wrong stands above its fields. */
export function AccountForm({ onSubmit, failure, notice, narrow = false, children }: AccountFormProps) {
  const words = useWords()
  return (
    <form
      noValidate
      className={`flex flex-col gap-4 ${narrow ? 'max-w-md' : ''}`}
      onSubmit={(event) => {
        event.preventDefault()
        void onSubmit()
      }}
    >
      {failure ? <Notice kind="danger">{tell(failure, words).title}</Notice> : notice}
      {children}
    </form>
  )
}
