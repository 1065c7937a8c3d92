import { useQuery, useSuspenseInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query'
import { ListChecks } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { LoadMore } from '../../../ui/load-more.tsx'
import { EmptyState, NoMatchState } from '../../../ui/states.tsx'
import { useWords } from '../../../words/words.tsx'
import { LiveSwitch } from '../live-switch.tsx'
import { isId } from '../place.ts'
import { statsQuery } from '../reach.ts'
import type { Task, Watched } from '../types.ts'
import { useLiveTasks } from './live-tasks.ts'
import { agentNamesQuery, taskListQuery, taskQuery } from './queries.ts'
import { TaskFilters, type TaskSearch } from './task-filters.tsx'
import { TaskTable } from './task-table.tsx'

export interface TaskListProps {
  runtime: Watched
  search: TaskSearch
  onSearch(change: TaskSearch): void
  onOpen(task: Task): void
}

/** All tasks, newest first, as they come. */
export function TaskList({ runtime, search, onSearch, onOpen }: TaskListProps) {
  const words = useWords()
  const { state, session, agent } = search
  const [live, setLive] = useState(true)
  const list = useSuspenseInfiniteQuery(taskListQuery(runtime.id, { state, session }))
  const agents = useSuspenseQuery(agentNamesQuery(runtime.id)).data
  const isLost = useQuery(statsQuery(runtime.id)).isError
  useLiveTasks(runtime.id, { state, session }, live)

  const q = useDeferredValue((search.q ?? '').trim().toLowerCase())
  const { pages } = list.data
  const shown = useMemo(() => {
    const tasks = pages.flatMap((page) => page.data)
    if (agent === undefined && q === '') return tasks
    return tasks.filter((task) => (agent === undefined || task.agent === agent) && (q === '' || matches(task, q)))
  }, [pages, agent, q])
  // An id that is not among what is loaded may be further back.
  const named = useQuery({ ...taskQuery(runtime.id, q), enabled: isId(q) && shown.length === 0 })
  const tasks = useMemo(() => (shown.length === 0 && named.data ? [named.data] : shown), [shown, named.data])
  const loaded = pages.reduce((sum, page) => sum + page.data.length, 0)
  const isFiltered = Boolean(state || session || agent || q)

  return (
    <>
      <TaskFilters search={search} onChange={onSearch} agents={agents}>
        <LiveSwitch on={live} onChange={setLive} lost={isLost} />
      </TaskFilters>
      <TaskTable tasks={tasks} onOpen={onOpen}>
        {isFiltered ? (
          <NoMatchState
            text={list.hasNextPage ? words.watch.noMatchSoFar(loaded) : undefined}
            onClear={() => onSearch({ state: undefined, session: undefined, agent: undefined, q: undefined })}
          />
        ) : (
          <EmptyState icon={<ListChecks aria-hidden />} title={words.tasks.empty} text={words.tasks.emptyHint} />
        )}
      </TaskTable>
      {(tasks.length > 0 || list.hasNextPage) && (
        <LoadMore
          shown={tasks.length}
          more={list.hasNextPage}
          pending={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
        />
      )}
    </>
  )
}

function matches({ id, session, error, reply }: Task, q: string): boolean {
  return (
    id.includes(q) ||
    session.includes(q) ||
    (error?.message.toLowerCase().includes(q) ?? false) ||
    (reply?.some(({ text }) => text.toLowerCase().includes(q)) ?? false)
  )
}
