import { createFileRoute } from '@tanstack/react-router'
import { taskState } from 'asyncv/schemas'
import { z } from 'zod'
import { agentNamesQuery, taskListQuery } from '../../../../features/watch/tasks/queries.ts'
import { TaskList } from '../../../../features/watch/tasks/task-list.tsx'
import { useWords } from '../../../../words/words.tsx'
import { searchText } from '../../-search-text.ts'
import { WatchedPage } from '../-watched-page.tsx'

export const Route = createFileRoute('/_signed-in/_watch/tasks/')({
  validateSearch: z.object({
    state: taskState.optional().catch(undefined),
    agent: searchText,
    session: searchText,
    /** What is searched for. */
    q: searchText,
  }),
  loaderDeps: ({ search: { state, session } }) => ({ state, session }),
  loader: ({ context: { client, runtime }, deps }) =>
    runtime &&
    Promise.all([
      client.ensureInfiniteQueryData(taskListQuery(runtime.id, deps)),
      client.ensureQueryData(agentNamesQuery(runtime.id)),
    ]),
  component: TasksPage,
})

function TasksPage() {
  const words = useWords().tasks
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <WatchedPage title={words.title} text={words.text}>
      {(runtime) => (
        <TaskList
          runtime={runtime}
          search={search}
          onSearch={(change) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true })}
          onOpen={(task) => void navigate({ to: '/tasks/$task', params: { task: task.id } })}
        />
      )}
    </WatchedPage>
  )
}
