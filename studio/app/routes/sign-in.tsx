import { createFileRoute, redirect, useRouter } from '@tanstack/react-router'
import { z } from 'zod'
import { base } from '../api/place.ts'
import { Entry } from '../features/account/entry.tsx'
import { firstRunQuery } from '../features/account/queries.ts'
import { SignInForm } from '../features/account/sign-in-form.tsx'
import { useTitle } from '../shell/title.ts'
import { useWords } from '../words/words.tsx'

/** A path of this app: `//elsewhere` and `/\elsewhere` would lead away from it. */
const inApp = z
  .string()
  .regex(/^\/(?![/\\])[^\\\s]*$/)
  .optional()
  .catch(undefined)

export const Route = createFileRoute('/sign-in')({
  validateSearch: z.object({
    /** Where they were, and will be again. */
    from: inApp,
    /** They were signed in until a moment ago. */
    ended: z.boolean().optional().catch(undefined),
  }),
  async beforeLoad({ context: { client } }) {
    if ((await client.fetchQuery(firstRunQuery)).open) throw redirect({ to: '/first-run' })
  },
  component: SignInPage,
})

function SignInPage() {
  const words = useWords().account
  const { from, ended } = Route.useSearch()
  const router = useRouter()
  useTitle(words.signIn)
  return (
    <Entry title={words.signInTitle}>
      <SignInForm returning={ended === true} onDone={() => router.history.replace(base + (from ?? '/').slice(1))} />
    </Entry>
  )
}
