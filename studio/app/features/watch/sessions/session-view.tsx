import { useSuspenseInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query'
import { MessagesSquare } from 'lucide-react'
import { useMemo } from 'react'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import { useWords } from '../../../words/words.tsx'
import { useFresh } from '../fresh.ts'
import type { Watched } from '../types.ts'
import { sessionQuery, transcriptQuery } from './queries.ts'
import { TranscriptModel } from './transcript-model.tsx'
import { TranscriptSeen } from './transcript-seen.tsx'

export type SessionTab = 'person' | 'model'

export interface SessionViewProps {
  runtime: Watched
  id: string
  view: SessionTab
  onView(view: SessionTab): void
}

/** One conversation, as it was seen from either side. */
export function SessionView({ runtime, id, view, onView }: SessionViewProps) {
  const words = useWords().sessions
  const session = useSuspenseQuery(sessionQuery(runtime.id, id)).data
  const refetchInterval = useFresh(runtime.id, {
    keys: [sessionQuery(runtime.id, id).queryKey],
    // An event of a delivery names its destination, which is the session's address.
    concerns: (event) => event.session === id || event.destination === session.address,
    calmMs: 10_000,
  })
  const transcript = useSuspenseInfiniteQuery({ ...transcriptQuery(runtime.id, id), refetchInterval })
  const { pages } = transcript.data
  const exchanges = useMemo(() => pages.toReversed().flatMap((page) => page.exchanges), [pages])
  if (exchanges.length === 0) {
    return <EmptyState icon={<MessagesSquare aria-hidden />} title={words.noMessages} />
  }
  const start = (
    <div className="mb-5 flex justify-center text-faint text-xs">
      {transcript.hasNextPage ? (
        <Button size="small" pending={transcript.isFetchingNextPage} onClick={() => void transcript.fetchNextPage()}>
          {words.older}
        </Button>
      ) : (
        words.begin
      )}
    </div>
  )
  return (
    <Tabs<SessionTab>
      label={words.title}
      value={view}
      onChange={onView}
      tabs={[
        {
          value: 'person',
          label: words.views.person,
          content: (
            <div className="max-w-4xl">
              {start}
              <TranscriptSeen exchanges={exchanges} agent={session.agent} />
            </div>
          ),
        },
        {
          value: 'model',
          label: words.views.model,
          content: (
            <div className="max-w-4xl">
              {start}
              <TranscriptModel runtime={runtime} session={session} exchanges={exchanges} />
            </div>
          ),
        },
      ]}
    />
  )
}
