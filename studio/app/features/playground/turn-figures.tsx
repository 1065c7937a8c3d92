import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Cpu, MessageSquare, Wrench } from 'lucide-react'
import { ownMs } from '../../api/own-time.ts'
import { Tooltip } from '../../ui/tooltip.tsx'
import { useFormats, useWords } from '../../words/words.tsx'
import { FigureList } from './figure-list.tsx'
import { costOf, type Prices, usedBy, usedIn } from './figures.ts'
import { finishedTaskQuery, type Step } from './queries.ts'
import type { Partner } from './talk.ts'
import type { Turn } from './turn.ts'

export interface TurnFiguresProps {
  turn: Turn
  partner: Partner
  models: readonly string[]
  prices: Prices
}

/** What one answer took, and its steps. Of a draft only what this page saw is known. */
export function TurnFigures({ turn, partner, models, prices }: TurnFiguresProps) {
  const words = useWords().playground
  const formats = useFormats()
  const { data: done } = useQuery({
    ...finishedTaskQuery(partner.runtime, turn.task ?? ''),
    enabled: turn.task !== null && turn.state !== 'running',
  })
  const { usage } = turn
  const used = done ? usedIn(done.steps) : usedBy(turn, models)
  const cost = used === null || usage === null ? null : costOf(used, prices)
  const own = done ? ownMs(done.task, done.steps) : null
  const duration = (ms: number | null): string => (ms === null ? '–' : formats.duration(ms))
  return (
    <section>
      <h2 className="mb-2 font-semibold">{words.answer}</h2>
      <FigureList
        entries={[
          [
            words.tokens,
            usage === null
              ? '–'
              : words.tokensInOut(formats.number(usage.inputTokens), formats.number(usage.outputTokens)),
          ],
          [
            words.cost,
            cost === null ? (
              usage === null ? (
                '–'
              ) : (
                <Hinted key="cost" text={words.noPrice} value="–" />
              )
            ) : (
              formats.cost(cost)
            ),
          ],
          [words.firstWord, duration(turn.firstMs)],
          [words.total, duration(turn.ms)],
          [words.ownTime, <Hinted key="own" text={words.ownTimeHint} value={duration(own)} />],
        ]}
      />
      {done && done.steps.length > 0 && <Steps steps={done.steps} />}
      {done && turn.task && (
        <p className="mt-3 flex flex-wrap gap-x-4 text-sm">
          <Link to="/tasks/$task" params={{ task: turn.task }} className={link}>
            {words.toTask}
          </Link>
          <Link to="/sessions/$session" params={{ session: done.task.session }} className={link}>
            {words.toSession}
          </Link>
        </p>
      )}
    </section>
  )
}

function Hinted({ text, value }: { text: string; value: string }) {
  return (
    <Tooltip text={text}>
      <span className="underline decoration-dotted decoration-faint underline-offset-3">{value}</span>
    </Tooltip>
  )
}

const link = 'text-accent hover:underline'

const icons = { input: MessageSquare, model: Cpu, tool: Wrench }

function Steps({ steps }: { steps: readonly Step[] }) {
  const words = useWords().playground
  const formats = useFormats()
  return (
    <>
      <h3 className="mt-4 mb-1.5 text-soft text-sm">{words.steps}</h3>
      <ol className="flex flex-col gap-1.5 text-sm">
        {steps.map((step) => {
          const Icon = icons[step.kind]
          const tokens = step.usage.inputTokens + step.usage.outputTokens
          return (
            <li key={step.n} className="flex items-baseline gap-2">
              <Icon className="size-3.5 shrink-0 translate-y-0.5 text-faint" aria-hidden />
              <span className="sr-only">{words.stepKinds[step.kind]}</span>
              <span className="min-w-0 flex-1 break-words">{step.name ?? words.stepKinds[step.kind]}</span>
              {tokens > 0 && (
                <span className="whitespace-nowrap text-faint">{words.tokenCount(formats.number(tokens))}</span>
              )}
              {step.endedAt !== null && (
                <span className="whitespace-nowrap text-soft">{formats.duration(step.endedAt - step.startedAt)}</span>
              )}
            </li>
          )
        })}
      </ol>
    </>
  )
}
