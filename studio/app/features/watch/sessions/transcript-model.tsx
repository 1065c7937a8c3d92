import { useQuery } from '@tanstack/react-query'
import { Fragment, type ReactNode } from 'react'
import { classes } from '../../../ui/classes.ts'
import { JsonView } from '../../../ui/json-view.tsx'
import { Markdown } from '../../../ui/markdown.tsx'
import { ListSkeleton } from '../../../ui/skeleton.tsx'
import { useFormats, useWords } from '../../../words/words.tsx'
import { textOf } from '../place.ts'
import { inputResult, modelResult, toolResult } from '../tasks/step-content.ts'
import type { Session, Step, Task, Watched } from '../types.ts'
import { type Exchange, instructionsQuery, stepsOfAllQuery } from './queries.ts'

export interface TranscriptModelProps {
  runtime: Watched
  session: Session
  exchanges: readonly Exchange[]
}

/** The conversation as the model was told it: instructions, messages, its own words and calls, results of tools. */
export function TranscriptModel({ runtime, session, exchanges }: TranscriptModelProps) {
  const words = useWords().sessions
  const tasks = exchanges.map(({ task }) => task).filter((one): one is Task => one !== null && one.state !== 'absorbed')
  const steps = useQuery(stepsOfAllQuery(runtime.id, session.id, tasks)).data
  if (steps === undefined) return <ListSkeleton />
  return (
    <div className="flex flex-col gap-4">
      <p className="max-w-3xl text-faint text-sm">{words.note}</p>
      <Instructions runtime={runtime} agent={session.agent} />
      {exchanges.map(({ message, task }) =>
        task?.state === 'absorbed' ? null : (
          <Fragment key={message.id}>
            <Entry role={words.roles.user} kind="user">
              <p dir="auto" className="whitespace-pre-wrap break-words">
                {textOf(message.parts)}
              </p>
            </Entry>
            {(task === null ? [] : (steps.get(task.id) ?? [])).map((step) => (
              <StepEntry key={step.n} step={step} />
            ))}
            {task?.error && (
              <Entry role={words.roles.assistant} kind="error">
                <p className="text-danger">{words.failed(task.error.message)}</p>
              </Entry>
            )}
          </Fragment>
        ),
      )}
    </div>
  )
}

function Instructions({ runtime, agent }: { runtime: Watched; agent: string }) {
  const words = useWords().sessions
  const { data, isPending } = useQuery(instructionsQuery(runtime.id, agent))
  if (isPending) return null
  return (
    <Entry role={words.instructions} kind="instructions">
      {data ? (
        <>
          <p className="whitespace-pre-wrap break-words">{data}</p>
          <p className="mt-1 text-faint text-xs">{words.instructionsNow}</p>
        </>
      ) : (
        <p className="text-faint">{words.noInstructions}</p>
      )}
    </Entry>
  )
}

function StepEntry({ step }: { step: Step }) {
  const words = useWords().sessions
  const formats = useFormats()
  if (step.kind === 'input') {
    return (
      <Entry role={words.roles.user} kind="user">
        <p className="whitespace-pre-wrap break-words">
          {textOf(inputResult.safeParse(step.result).data?.parts ?? [])}
        </p>
      </Entry>
    )
  }
  if (step.kind === 'tool') {
    const read = toolResult.safeParse(step.result)
    return (
      <Entry role={words.roles.tool} name={step.name} kind="tool">
        <JsonView value={read.success ? read.data.result : step.result} />
      </Entry>
    )
  }
  const read = modelResult.safeParse(step.result)
  if (!read.success) return null
  const { inputTokens, outputTokens } = step.usage
  return (
    <Entry
      role={words.roles.assistant}
      name={step.name}
      kind="assistant"
      note={words.tokens(formats.number(inputTokens), formats.number(outputTokens))}
    >
      {read.data.text !== '' && <Markdown text={read.data.text} />}
      {read.data.calls.map((call) => (
        <div key={call.callId} className="mt-1">
          <p className="font-medium text-sm">{words.calls(call.name)}</p>
          <JsonView value={call.args} />
        </div>
      ))}
    </Entry>
  )
}

const edges = {
  instructions: 'border-faint',
  user: 'border-accent',
  assistant: 'border-series-1',
  tool: 'border-series-2',
  error: 'border-danger',
}

interface EntryProps {
  role: string
  name?: string | null
  kind: keyof typeof edges
  note?: string
  children: ReactNode
}

function Entry({ role, name, kind, note, children }: EntryProps) {
  return (
    <article className={classes('max-w-3xl border-l-2 pl-4', edges[kind])}>
      <p className="mb-0.5 flex flex-wrap items-baseline gap-x-2 text-xs">
        <span className="font-semibold text-soft">{role}</span>
        {name && <span className="font-mono text-faint">{name}</span>}
        {note && <span className="text-faint">{note}</span>}
      </p>
      {children}
    </article>
  )
}
