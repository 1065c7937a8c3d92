import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Code } from '../../../ui/code.tsx'
import { KeyValue } from '../../../ui/key-value.tsx'
import { Markdown } from '../../../ui/markdown.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Section } from '../../../ui/page-header.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { AbsoluteTime, Duration } from '../../../ui/time.tsx'
import { useFormats, useWords } from '../../../words/words.tsx'
import { useFresh } from '../fresh.ts'
import { shortId, textOf } from '../place.ts'
import type { Task, Watched } from '../types.ts'
import { isOpen, runningMs, stepsQuery, taskDeliveriesQuery, taskMessageQuery, taskQuery } from './queries.ts'
import { TaskDeliveries } from './task-deliveries.tsx'
import { Waterfall } from './waterfall.tsx'
import { waterfallOf } from './waterfall-rows.ts'

export interface TaskViewProps {
  runtime: Watched
  id: string
}

/** One task: what it was asked, what it did and what came of it. */
export function TaskView({ runtime, id }: TaskViewProps) {
  const words = useWords()
  const every = useFresh(runtime.id, {
    keys: [taskQuery(runtime.id, id).queryKey],
    concerns: (event) => event.task === id || event.into === id || deliveries.some((one) => one.id === event.delivery),
    calmMs: 10_000,
  })
  const task = useSuspenseQuery({
    ...taskQuery(runtime.id, id),
    refetchInterval: ({ state: { data } }) => (data && isOpen(data) ? runningMs : every),
  }).data
  const steps = useSuspenseQuery(stepsQuery(runtime.id, id, isOpen(task))).data
  const deliveries = useSuspenseQuery(taskDeliveriesQuery(runtime.id, id)).data
  return (
    <>
      {task.error && (
        <div className="mb-5">
          <Notice kind={task.state === 'cancelled' ? 'warn' : 'danger'}>
            {task.error.message}
            {task.error.hint && <span className="block">{task.error.hint}</span>}
            <span className="block opacity-90">
              {words.tasks.code} <Code>{task.error.code}</Code>
            </span>
          </Notice>
        </div>
      )}
      {task.into !== null && (
        <div className="mb-5">
          <Notice kind="info">
            {words.tasks.absorbed}{' '}
            <Link to="/tasks/$task" params={{ task: task.into }} className="font-medium underline">
              {words.tasks.absorbedBy}
            </Link>
          </Notice>
        </div>
      )}
      <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-w-0">
          <Conversation runtime={runtime} task={task} />
          <Section title={words.tasks.timing} text={words.tasks.timingText}>
            <Waterfall task={task} steps={steps} deliveries={deliveries} />
          </Section>
          {deliveries.length > 0 && (
            <Section title={words.deliveries.title}>
              <TaskDeliveries deliveries={deliveries} />
            </Section>
          )}
        </div>
        <aside
          aria-label={words.tasks.facts}
          className="min-w-0 border-line border-t pt-6 lg:border-t-0 lg:border-l lg:pt-0 lg:pl-6"
        >
          <Facts task={task} ownMs={waterfallOf(task, steps, deliveries, task.endedAt ?? 0).ownMs} />
        </aside>
      </div>
    </>
  )
}

function Conversation({ runtime, task }: { runtime: Watched; task: Task }) {
  const words = useWords()
  const asked = useQuery(taskMessageQuery(runtime.id, task))
  return (
    <section aria-label={words.tasks.conversation} className="flex flex-col gap-4 pb-6">
      <div className="text-sm">
        <h2 className="mb-1 font-medium text-faint text-xs">{words.tasks.asked}</h2>
        {asked.isPending ? (
          <Skeleton className="h-4 w-72" />
        ) : asked.data ? (
          <>
            <p dir="auto" className="whitespace-pre-wrap break-words text-base">
              {textOf(asked.data.parts)}
            </p>
            <Link
              to="/trace/$message"
              params={{ message: asked.data.id }}
              className="mt-1 inline-block text-accent hover:underline"
            >
              {words.trace.title}
            </Link>
          </>
        ) : (
          <p className="text-faint">{words.tasks.notFoundMessage}</p>
        )}
      </div>
      {task.reply && (
        <div className="min-w-0">
          <h2 className="mb-1 font-medium text-faint text-xs">{words.tasks.answered}</h2>
          <Markdown text={textOf(task.reply)} />
        </div>
      )}
    </section>
  )
}

function Facts({ task, ownMs }: { task: Task; ownMs: number | null }) {
  const words = useWords()
  const formats = useFormats()
  const { createdAt, startedAt, endedAt, usage } = task
  return (
    <KeyValue
      entries={[
        [words.watch.agent, task.agent],
        [
          words.watch.session,
          <Link
            key="session"
            to="/sessions/$session"
            params={{ session: task.session }}
            className="text-accent hover:underline"
          >
            <Code>{shortId(task.session)}</Code>
          </Link>,
        ],
        [words.tasks.receivedAt, <AbsoluteTime key="at" at={createdAt} />],
        [words.tasks.kinds.wait, startedAt === null ? null : <Duration key="wait" ms={startedAt - createdAt} />],
        [words.tasks.took, endedAt === null ? null : <Duration key="took" ms={endedAt - createdAt} />],
        [words.tasks.own, ownMs === null ? null : <Duration key="own" ms={ownMs} />],
        [
          words.watch.tokens,
          words.watch.tokensInOut(formats.number(usage.inputTokens), formats.number(usage.outputTokens)),
        ],
        [words.tasks.attempts, formats.number(task.attempt)],
        [words.tasks.crashes, task.crashes > 0 ? formats.number(task.crashes) : null],
        [words.watch.space, task.space],
        [
          words.watch.id,
          <span key="id" className="flex items-start gap-1">
            <Code>{task.id}</Code>
            <CopyButton text={task.id} />
          </span>,
        ],
      ]}
    />
  )
}
