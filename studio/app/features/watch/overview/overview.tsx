import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { Section } from '../../../ui/page-header.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { useFormats, useWords } from '../../../words/words.tsx'
import { useRuntimeEvents } from '../live.ts'
import type { Watched } from '../types.ts'
import { Attention } from './attention.tsx'
import type { Window } from './windows.ts'
import { Charts } from './charts.tsx'
import { Figures } from './figures.tsx'
import { Health } from './health.tsx'
import { windowTasksQuery } from './queries.ts'

export interface OverviewProps {
  runtime: Watched
  /** All that are connected. */
  runtimes: readonly Watched[]
  window: Window
}

/** One look at a runtime, and at whether something has to be done. */
export function Overview({ runtime, runtimes, window }: OverviewProps) {
  const words = useWords().overview
  const formats = useFormats()
  const client = useQueryClient()
  const { data: found, dataUpdatedAt } = useSuspenseQuery(windowTasksQuery(runtime.id, window))
  useRuntimeEvents(runtime.id, true, (events) => {
    // Charts may be some seconds old; what needs attention may not.
    const isUrgent = events.some(({ type }) => type === 'task.failed' || type.startsWith('delivery.'))
    if (!isUrgent) return
    for (const about of ['stats', 'window']) void client.invalidateQueries({ queryKey: ['watch', runtime.id, about] })
  })
  return (
    <div>
      <Section title={words.attention}>
        <Attention runtime={runtime} failed={found.tasks.filter(({ state }) => state === 'failed').length} />
      </Section>
      <Section title={words.windows[window]}>
        {!found.isWhole && (
          <div className="mb-5">
            <Notice kind="info">{words.part(found.tasks.length, formats.time(found.since))}</Notice>
          </div>
        )}
        <Figures runtime={runtime} found={found} />
        <Charts runtime={runtime} window={window} found={found} readAt={dataUpdatedAt} />
      </Section>
      <Section title={words.health}>
        <Health runtimes={runtimes} />
      </Section>
    </div>
  )
}
