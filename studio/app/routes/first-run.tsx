import { createFileRoute, Link, useNavigate } from '@tanstack/react-router'
import { base } from '../api/place.ts'
import { Entry } from '../features/account/entry.tsx'
import { FirstRunForm } from '../features/account/first-run-form.tsx'
import { firstRunQuery } from '../features/account/queries.ts'
import { takeToken, useToken } from '../shell/link-token.ts'
import { useTitle } from '../shell/title.ts'
import { buttonClasses } from '../ui/button.tsx'
import { CodeLine } from '../ui/code.tsx'
import { useWords } from '../words/words.tsx'

export const Route = createFileRoute('/first-run')({
  beforeLoad: ({ location }) => takeToken(location),
  loader: ({ context: { client } }) => client.fetchQuery(firstRunQuery),
  component: FirstRunPage,
})

function FirstRunPage() {
  const words = useWords().account
  const { open } = Route.useLoaderData()
  const token = useToken()
  const navigate = useNavigate()
  useTitle(words.firstRunTitle)
  if (!open) {
    return (
      <Entry title={words.firstRunDone} text={words.firstRunDoneHint}>
        <Link to="/sign-in" className={buttonClasses('primary', 'large')}>
          {words.signIn}
        </Link>
      </Entry>
    )
  }
  if (token === null) {
    return (
      <Entry title={words.firstRunNoLink} text={words.firstRunNoLinkHint}>
        <CodeLine text={`${location.origin}${base.slice(0, -1)}/first-run#…`} />
      </Entry>
    )
  }
  return (
    <Entry title={words.firstRunTitle} text={words.firstRunText}>
      <FirstRunForm token={token} onDone={() => void navigate({ to: '/' })} />
    </Entry>
  )
}
