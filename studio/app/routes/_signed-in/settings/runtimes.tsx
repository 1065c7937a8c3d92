import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { identityQuery, runtimesQuery } from '../../../features/runtimes/queries.ts'
import { RuntimeList } from '../../../features/runtimes/runtime-list.tsx'
import { TrustSteps } from '../../../features/runtimes/trust-steps.tsx'
import { useMay } from '../../../shell/me.ts'
import { useTitle } from '../../../shell/title.ts'
import { Button } from '../../../ui/button.tsx'
import { Section } from '../../../ui/page-header.tsx'
import { useWords } from '../../../words/words.tsx'

const RuntimeConnect = lazy(() => import('../../../features/runtimes/runtime-connect.tsx'))

export const Route = createFileRoute('/_signed-in/settings/runtimes')({
  loader: ({ context: { client } }) =>
    Promise.all([client.ensureQueryData(runtimesQuery), client.ensureQueryData(identityQuery)]),
  component: RuntimesPage,
})

function RuntimesPage() {
  const words = useWords().runtimes
  const runtimes = useSuspenseQuery(runtimesQuery).data.data
  const identity = useSuspenseQuery(identityQuery).data
  const isAdmin = useMay('admin')
  const [connecting, setConnecting] = useState(false)
  useTitle(words.title)
  const connect = isAdmin && (
    <Button variant="primary" onClick={() => setConnecting(true)}>
      {words.connect}
    </Button>
  )
  return (
    <>
      <Section title={words.title} text={words.text} actions={runtimes.length > 0 && connect}>
        <RuntimeList runtimes={runtimes} mayChange={isAdmin} connect={connect || null} />
      </Section>
      <Section title={words.trustTitle} text={words.trustText}>
        <TrustSteps identity={identity} />
      </Section>
      <Suspense>
        {connecting && <RuntimeConnect runtime={null} identity={identity} onClose={() => setConnecting(false)} />}
      </Suspense>
    </>
  )
}
