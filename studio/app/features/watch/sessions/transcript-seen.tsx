import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { classes } from '../../../ui/classes.ts'
import { Markdown } from '../../../ui/markdown.tsx'
import { AbsoluteTime } from '../../../ui/time.tsx'
import { useWords } from '../../../words/words.tsx'
import { shortId, textOf } from '../place.ts'
import { DeliveryStatus, TaskStatus } from '../states.tsx'
import type { Task } from '../types.ts'
import type { Exchange } from './queries.ts'
import { type Seen, seenOf } from './transcript.ts'

/** The conversation as it stands in the chat, with what became of each answer. */
export function TranscriptSeen({ exchanges, agent }: { exchanges: readonly Exchange[]; agent: string }) {
  return (
    <ol className="flex flex-col gap-5">
      {seenOf(exchanges).map((line) => (
        <li key={line.id}>
          <Line line={line} agent={agent} />
        </li>
      ))}
    </ol>
  )
}

function Line({ line, agent }: { line: Seen; agent: string }) {
  const words = useWords()
  switch (line.kind) {
    case 'message': {
      const { message, task } = line
      const name = message.person?.['name']
      return (
        <Bubble
          who={typeof name === 'string' ? name : words.sessions.person}
          at={line.at}
          mine
          foot={
            <>
              <Link to="/trace/$message" params={{ message: message.id }} className="text-accent hover:underline">
                {words.sessions.trace}
              </Link>
              <TaskNote task={task} isCommand={message.task === null} />
            </>
          }
        >
          <p dir="auto" className="whitespace-pre-wrap break-words">
            {textOf(message.parts)}
          </p>
        </Bubble>
      )
    }
    case 'delivery': {
      const { delivery } = line
      return (
        <Bubble
          who={delivery.kind === 'answer' ? agent : words.deliveries.kinds[delivery.kind]}
          at={line.at}
          foot={
            <>
              <Link
                to="/deliveries"
                search={{ task: delivery.task ?? undefined, show: delivery.id }}
                className="hover:underline"
              >
                <DeliveryStatus state={delivery.state} />
              </Link>
              {delivery.error && delivery.state !== 'sent' && (
                <span className="text-danger">{delivery.error.message}</span>
              )}
            </>
          }
        >
          <Markdown text={textOf(delivery.body)} />
        </Bubble>
      )
    }
    case 'reply':
      return (
        <Bubble who={agent} at={line.at} foot={words.sessions.inResponse}>
          <Markdown text={textOf(line.task.reply ?? [])} />
        </Bubble>
      )
    case 'failed':
      return (
        <p className="text-danger text-sm">
          {words.sessions.failed([line.task.error?.message, line.task.error?.hint].filter(Boolean).join(' '))}
        </p>
      )
  }
}

function TaskNote({ task, isCommand }: { task: Task | null; isCommand: boolean }) {
  const words = useWords()
  if (task === null) return <span>{isCommand ? words.sessions.command : words.sessions.taskGone}</span>
  if (task.state === 'absorbed') return <span>{words.sessions.absorbed}</span>
  return (
    <Link to="/tasks/$task" params={{ task: task.id }} className="inline-flex items-center gap-1.5 hover:underline">
      {words.sessions.taskOf} {shortId(task.id)}
      {task.state !== 'done' && <TaskStatus state={task.state} />}
    </Link>
  )
}

interface BubbleProps {
  who: string
  at: number
  /** Of the person, not of the agent. */
  mine?: boolean
  foot: ReactNode
  children: ReactNode
}

function Bubble({ who, at, mine = false, foot, children }: BubbleProps) {
  return (
    <article className={classes('flex max-w-3xl flex-col gap-1', mine && 'ml-auto items-end')}>
      <p className="flex items-baseline gap-2 text-xs">
        <span className="font-medium text-soft">{who}</span>
        <span className="text-faint">
          <AbsoluteTime at={at} />
        </span>
      </p>
      <div className={classes('min-w-0 max-w-full rounded-lg px-3.5 py-2.5', mine ? 'bg-accent-soft' : 'bg-hover')}>
        {children}
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-faint text-xs">{foot}</div>
    </article>
  )
}
