import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute, Link } from '@tanstack/react-router'
import { stepsQuery, taskDeliveriesQuery, taskQuery } from '../../../../features/watch/tasks/queries.ts'
import { shortId } from '../../../../features/watch/place.ts'
import { TaskStatus } from '../../../../features/watch/states.tsx'
import { TaskActions } from '../../../../features/watch/tasks/task-actions.tsx'
import { TaskView } from '../../../../features/watch/tasks/task-view.tsx'
import type { Watched } from '../../../../features/watch/types.ts'
import { useMay } from '../../../../shell/me.ts'
import { useRuntime } from '../../../../shell/runtime.ts'
import { useTitle } from '../../../../shell/title.ts'
import { PageHeader } from '../../../../ui/page-header.tsx'
import { useWords } from '../../../../words/words.tsx'

export const Route = createFileRoute('/_signed-in/_watch/tasks/$task')({
  loader: ({ context: { client, runtime }, params: { task } }) =>
    runtime &&
    Promise.all([
      client.ensureQueryData(taskQuery(runtime.id, task)),
      client.ensureQueryData(stepsQuery(runtime.id, task)),
      client.ensureQueryData(taskDeliveriesQuery(runtime.id, task)),
    ]),
  component: TaskPage,
})

function TaskPage() {
  const runtime = useRuntime()
  const { task } = Route.useParams()
  return runtime && <TaskOf runtime={runtime} id={task} />
}

function TaskOf({ runtime, id }: { runtime: Watched; id: string }) {
  const words = useWords().tasks
  const navigate = Route.useNavigate()
  const task = useSuspenseQuery(taskQuery(runtime.id, id)).data
  const mayOperate = useMay('operator')
  const title = words.taskTitle(shortId(id))
  useTitle(title)
  return (
    <>
      <PageHeader
        up={<Link to="/tasks">{words.title}</Link>}
        title={title}
        badge={<TaskStatus state={task.state} />}
        actions={
          mayOperate && (
            <TaskActions
              runtime={runtime}
              task={task}
              onRetried={(next) => void navigate({ to: '/tasks/$task', params: { task: next.id } })}
            />
          )
        }
      />
      <TaskView key={id} runtime={runtime} id={id} />
    </>
  )
}
