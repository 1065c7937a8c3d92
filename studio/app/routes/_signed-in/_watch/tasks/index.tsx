import { createFileRoute } from '@tanstack/react-router'
import { taskState } from 'asyncv/schemas'
import { z } from 'zod'
import { agentNamesQuery, taskListQuery } from '../../../../features/watch/tasks/queries.ts'
import { TaskList } from '../../../../features/watch/tasks/task-list.tsx'
import { useRuntime } from '../../../../shell/runtime.ts'
import { useTitle } from '../../../../shell/title.ts'
import { PageHeader } from '../../../../ui/page-header.tsx'
import { useWords } from '../../../../words/words.tsx'

const text = z.string().min(1).max(200).optional().catch(undefined)

export const Route = createFileRoute('/_signed-in/_watch/tasks/')({
  validateSearch: z.object({
    state: taskState.optional().catch(undefined),
    agent: text,
    session: text,
    /** What is searched for. */
    q: text,
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
  const runtime = useRuntime()
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  useTitle(words.title)
  return (
    <>
      <PageHeader title={words.title} text={words.text} />
      {runtime && (
        <TaskList
          key={runtime.id}
          runtime={runtime}
          search={search}
          onSearch={(change) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true })}
          onOpen={(task) => void navigate({ to: '/tasks/$task', params: { task: task.id } })}
        />
      )}
    </>
  )
}
