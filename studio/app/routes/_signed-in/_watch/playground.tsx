import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute, Link } from '@tanstack/react-router'
import { Bot } from 'lucide-react'
import type { ReactNode } from 'react'
import { z } from 'zod'
import type { Item } from '../../../../src/schemas/item.ts'
import { itemsQuery } from '../../../api/items.ts'
import { statusQuery } from '../../../api/runtime-parts.ts'
import { type Known, Playground } from '../../../features/playground/playground.tsx'
import { runningAgentsQuery } from '../../../features/playground/queries.ts'
import { sources } from '../../../features/playground/sources.ts'
import { useMay, useMe } from '../../../shell/me.ts'
import { useRuntime } from '../../../shell/runtime.ts'
import { useTitle } from '../../../shell/title.ts'
import { Button, buttonClasses } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { useWords } from '../../../words/words.tsx'

const search = z.object({
  agent: z.string().optional().catch(undefined),
  source: z.enum(sources).optional().catch(undefined),
})

export const Route = createFileRoute('/_signed-in/_watch/playground')({
  validateSearch: search,
  loader: ({ context: { client, runtime } }) =>
    runtime &&
    Promise.all([
      client.ensureQueryData(runningAgentsQuery(runtime.id)),
      client.ensureQueryData(itemsQuery('agent')),
      client.ensureQueryData(statusQuery(runtime.id)),
    ]),
  component: PlaygroundPage,
})

function PlaygroundPage() {
  const runtime = useRuntime()
  useTitle(useWords().playground.title)
  return runtime && <PlaygroundOf runtime={runtime.id} />
}

function PlaygroundOf({ runtime }: { runtime: string }) {
  const { agent, source = 'running' } = Route.useSearch()
  const navigate = Route.useNavigate()
  const running = useSuspenseQuery(runningAgentsQuery(runtime)).data.data
  const drafts = useSuspenseQuery(itemsQuery('agent')).data.data
  const { prices } = useSuspenseQuery(statusQuery(runtime)).data
  const agents: Known[] =
    source === 'draft' ? drafts.map(knownOf) : running.map(({ name, model }) => ({ name, models: model }))
  // Where nobody was chosen, the first one is.
  const chosen = agent ?? agents[0]?.name ?? null
  const choose = (choice: z.infer<typeof search>): void =>
    void navigate({
      search: (now) => ({ ...now, ...(chosen === null ? {} : { agent: chosen }), ...choice }),
      replace: true,
    })
  return (
    <Playground
      user={useMe().id}
      runtime={runtime}
      source={source}
      agent={chosen}
      agents={agents}
      prices={prices}
      mayTalk={useMay('editor')}
      onChoose={choose}
      nobody={<Nobody agent={chosen} source={source} onSource={(next) => choose({ source: next })} />}
    />
  )
}

function knownOf({ name, content: { model } }: Item): Known {
  const models = Array.isArray(model) ? model : [model]
  return { name, models: models.filter((one): one is string => typeof one === 'string') }
}

interface NobodyProps {
  /** Whom one wanted to talk to; null where there is nobody at all. */
  agent: string | null
  source: (typeof sources)[number]
  onSource(source: (typeof sources)[number]): void
}

function Nobody({ agent, source, onSource }: NobodyProps) {
  const words = useWords().playground
  const isDraft = source === 'draft'
  const other: ReactNode = (
    <Button onClick={() => onSource(isDraft ? 'running' : 'draft')}>{isDraft ? words.toRunning : words.toDraft}</Button>
  )
  const said =
    agent === null
      ? isDraft
        ? { title: words.noDrafts, text: words.noDraftsHint }
        : { title: words.noAgents, text: words.noAgentsHint }
      : isDraft
        ? { title: words.goneDraft(agent), text: words.goneDraftHint }
        : { title: words.gone(agent), text: words.goneHint }
  return (
    <EmptyState
      icon={<Bot aria-hidden />}
      {...said}
      action={
        <>
          {other}
          {agent === null && isDraft && (
            <Link to="/agents" className={buttonClasses('primary')}>
              {words.toAgents}
            </Link>
          )}
        </>
      }
    />
  )
}
