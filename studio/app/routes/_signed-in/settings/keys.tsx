import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { KeyRound, Server } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { KeyTable } from '../../../features/keys/key-table.tsx'
import { keysQuery } from '../../../features/keys/queries.ts'
import { useRuntime } from '../../../shell/runtime.ts'
import { useTitle } from '../../../shell/title.ts'
import { Button } from '../../../ui/button.tsx'
import { Section } from '../../../ui/page-header.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { useWords } from '../../../words/words.tsx'

// Forms are loaded when one is opened: what is seen first is the list.
const KeyCreate = lazy(() => import('../../../features/keys/key-create.tsx'))

export const Route = createFileRoute('/_signed-in/settings/keys')({
  loader: ({ context: { client, runtime } }) => runtime && client.ensureQueryData(keysQuery(runtime.id)),
  component: KeysPage,
})

function KeysPage() {
  const words = useWords().keys
  const runtime = useRuntime()
  useTitle(words.title)
  if (runtime === null) {
    return <EmptyState icon={<Server aria-hidden />} title={words.noRuntime} text={words.noRuntimeHint} />
  }
  return <Keys key={runtime.id} runtime={runtime.id} name={runtime.name} />
}

function Keys({ runtime, name }: { runtime: string; name: string }) {
  const words = useWords().keys
  const keys = useSuspenseQuery(keysQuery(runtime)).data
  const [creating, setCreating] = useState(false)
  const create = (
    <Button variant="primary" onClick={() => setCreating(true)}>
      {words.create}
    </Button>
  )
  return (
    <Section title={words.title} text={words.text(name)} actions={keys.length > 0 && create}>
      {keys.length === 0 ? (
        <EmptyState icon={<KeyRound aria-hidden />} title={words.empty} text={words.emptyHint} action={create} />
      ) : (
        <KeyTable runtime={runtime} keys={keys} />
      )}
      <Suspense>{creating && <KeyCreate runtime={runtime} onClose={() => setCreating(false)} />}</Suspense>
    </Section>
  )
}
