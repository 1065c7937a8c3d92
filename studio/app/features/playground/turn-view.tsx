import { RotateCcw } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Markdown } from '../../ui/markdown.tsx'
import { Status } from '../../ui/status.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { useFormats, useWords } from '../../words/words.tsx'
import { FailureNotice } from './failure-notice.tsx'
import { ToolCall } from './tool-call.tsx'
import type { Part, Turn } from './turn.ts'

export interface TurnViewProps {
  turn: Turn
  draft: boolean
  /** Its figures are shown. */
  chosen: boolean
  onChoose(): void
  /** Null where it cannot be asked again. `replaces`: the answer that is there is given up for it. */
  again: { act(): void; replaces: boolean } | null
}

/** What was said, and what came back, in the order in which it came. */
export function TurnView({ turn, draft, chosen, onChoose, again }: TurnViewProps) {
  const words = useWords().playground
  const isRunning = turn.state === 'running'
  return (
    <article className="flex flex-col gap-3" aria-busy={isRunning}>
      <div className="max-w-[85%] self-end whitespace-pre-wrap break-words rounded-lg bg-accent-soft px-3.5 py-2">
        <span className="sr-only">{`${words.you}: `}</span>
        <bdi>{turn.text}</bdi>
      </div>
      <div className="flex min-w-0 flex-col gap-2">
        {turn.parts.map((part) => (
          <PartView key={part.kind === 'tool' ? part.callId : `${part.kind} ${part.n}`} part={part} turn={turn} />
        ))}
        {isRunning && (
          <span role="status" className="text-soft text-sm">
            <Status kind="info" live>
              {turn.parts.length === 0 ? words.thinking : words.working}
            </Status>
          </span>
        )}
        {turn.state === 'stopped' && (
          <span className="text-sm text-soft">
            <Status kind="warn">{words.stopped}</Status>
          </span>
        )}
        {turn.failure && <FailureNotice failure={turn.failure} draft={draft} />}
        {!isRunning && (
          <div className="flex flex-wrap items-center gap-1">
            <TurnSummary turn={turn} chosen={chosen} onChoose={onChoose} />
            {again && <Again {...again} isDone={turn.state === 'done'} />}
          </div>
        )}
      </div>
    </article>
  )
}

function PartView({ part, turn }: { part: Part; turn: Turn }) {
  const words = useWords().playground
  if (part.kind === 'tool') return <ToolCall call={part} over={turn.state !== 'running'} />
  if (part.kind === 'text') return part.text === '' ? null : <Markdown text={part.text} />
  return (
    <details className="text-soft text-sm">
      <summary className="w-fit cursor-pointer rounded-sm text-faint hover:text-ink">{words.thought}</summary>
      <div className="mt-1 whitespace-pre-wrap break-words border-line border-l-2 pl-3">{part.text}</div>
    </details>
  )
}

/** The figures in one line; it chooses the turn whose figures are shown whole. */
function TurnSummary({ turn: { usage, ms }, chosen, onChoose }: Pick<TurnViewProps, 'turn' | 'chosen' | 'onChoose'>) {
  const words = useWords().playground
  const formats = useFormats()
  const said = [
    ...(usage === null ? [] : [words.tokenCount(formats.number(usage.inputTokens + usage.outputTokens))]),
    ...(ms === null ? [] : [formats.duration(ms)]),
  ]
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={onChoose}
      className={classes(
        '-ml-2 h-7 rounded-md px-2 text-sm hover:bg-hover hover:text-ink',
        chosen ? 'text-soft' : 'text-faint',
      )}
    >
      <span className="sr-only">{`${words.details}: `}</span>
      {said.length === 0 ? words.details : said.join(' · ')}
    </button>
  )
}

function Again({ act, replaces, isDone }: { act(): void; replaces: boolean; isDone: boolean }) {
  const words = useWords().playground
  const button = (
    <Button size="small" variant="quiet" icon={<RotateCcw className="size-3.5" aria-hidden />} onClick={act}>
      {replaces && isDone ? words.regenerate : words.askAgain}
    </Button>
  )
  return replaces ? button : <Tooltip text={words.askAgainHint}>{button}</Tooltip>
}
