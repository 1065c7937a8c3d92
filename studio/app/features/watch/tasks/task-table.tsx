import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { classes } from '../../../ui/classes.ts'
import { Code } from '../../../ui/code.tsx'
import { Elapsed } from '../../../ui/elapsed.tsx'
import { type Column, Table } from '../../../ui/table.tsx'
import { Duration, RelativeTime } from '../../../ui/time.tsx'
import type { Formats } from '../../../words/formats.ts'
import type { Words } from '../../../words/english.ts'
import { useFormats, useWords } from '../../../words/words.tsx'
import { inShort, shortId } from '../place.ts'
import { TaskStatus } from '../states.tsx'
import type { Task } from '../types.ts'
import { isOpen } from './queries.ts'

export interface TaskTableProps {
  tasks: readonly Task[]
  onOpen(task: Task): void
  /** Stands for the rows where there are none. */
  children?: ReactNode
}

export function TaskTable({ tasks, onOpen, children }: TaskTableProps) {
  const words = useWords()
  const formats = useFormats()
  const columns = useMemo(() => columnsOf(words, formats), [words, formats])
  return (
    <Table
      label={words.tasks.title}
      columns={columns}
      items={tasks}
      keyOf={keyOf}
      onOpen={onOpen}
      virtual={tasks.length > 100 ? 'max(20rem, calc(100dvh - 14.5rem))' : undefined}
    >
      {children}
    </Table>
  )
}

const keyOf = ({ id }: Task): string => id

function columnsOf(words: Words, formats: Formats): Column<Task>[] {
  return [
    {
      id: 'task',
      header: words.watch.task,
      sortable: false,
      wide: true,
      value: ({ id }) => id,
      cell: ({ id }) => <TaskLink id={id} />,
    },
    {
      id: 'state',
      header: words.watch.state,
      value: ({ state }) => words.watch.taskStates[state],
      cell: ({ state }) => <TaskStatus state={state} />,
    },
    { id: 'agent', header: words.watch.agent, wide: true, value: ({ agent }) => agent },
    {
      id: 'said',
      header: words.tasks.outcome,
      grow: true,
      sortable: false,
      value: outcomeOf,
      cell: (task) => (
        <>
          <span className={classes('block truncate', task.error ? 'text-danger' : 'text-soft')}>
            {outcomeOf(task) || words.ui.none}
          </span>
          <span className="block truncate text-faint text-xs sm:hidden">
            <TaskLink id={task.id} /> · {task.agent}
          </span>
        </>
      ),
    },
    {
      id: 'session',
      header: words.watch.session,
      wide: true,
      sortable: false,
      value: ({ session }) => session,
      cell: ({ session }) => (
        <Link
          to="/sessions/$session"
          params={{ session }}
          className="text-soft hover:text-accent hover:underline"
          title={session}
        >
          <Code>{shortId(session)}</Code>
        </Link>
      ),
    },
    {
      id: 'tokens',
      header: words.watch.tokens,
      align: 'right',
      wide: true,
      value: ({ usage }) => usage.inputTokens + usage.outputTokens,
      cell: ({ usage }) =>
        usage.inputTokens + usage.outputTokens === 0
          ? words.ui.none
          : formats.number(usage.inputTokens + usage.outputTokens),
    },
    {
      id: 'took',
      header: words.tasks.took,
      align: 'right',
      value: (task) => tookMs(task),
      cell: (task) => (isOpen(task) ? <Elapsed since={task.createdAt} /> : <Duration ms={tookMs(task)} />),
    },
    {
      id: 'created',
      header: words.tasks.received,
      align: 'right',
      wide: true,
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
    },
  ]
}

function TaskLink({ id }: { id: string }) {
  return (
    <Link to="/tasks/$task" params={{ task: id }} className="text-accent hover:underline" title={id}>
      <Code>{shortId(id)}</Code>
    </Link>
  )
}

/** From the message to the answer, waiting included. */
function tookMs({ createdAt, endedAt }: Task): number | null {
  return endedAt === null ? null : endedAt - createdAt
}

/** The first words of the answer, or what went wrong. */
function outcomeOf({ reply, error }: Task): string {
  if (error) return error.message
  return reply ? inShort(reply) : ''
}
