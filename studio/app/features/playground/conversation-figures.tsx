import { useQueries } from '@tanstack/react-query'
import { useFormats, useWords } from '../../words/words.tsx'
import { FigureList } from './figure-list.tsx'
import { costOf, type Prices, usedBy, usedIn } from './figures.ts'
import { finishedTaskQuery } from './queries.ts'
import type { Partner } from './talk.ts'
import type { Turn } from './turn.ts'

export interface ConversationFiguresProps {
  turns: readonly Turn[]
  partner: Partner
  models: readonly string[]
  prices: Prices
}

/** What the conversation has taken so far. */
export function ConversationFigures({ turns, partner, models, prices }: ConversationFiguresProps) {
  const words = useWords().playground
  const formats = useFormats()
  const over = turns.filter((turn) => turn.usage !== null)
  const [input, output] = [sum(over, 'inputTokens'), sum(over, 'outputTokens')]
  const tasks = useQueries({
    queries: over.flatMap(({ task }) => (task === null ? [] : [finishedTaskQuery(partner.runtime, task)])),
  })
  const used =
    partner.source === 'draft'
      ? over.map((turn) => usedBy(turn, models))
      : tasks.map(({ data }) => (data ? usedIn(data.steps) : null))
  const known = used.filter((one) => one !== null)
  const cost = known.length === used.length && used.length > 0 ? costOf(known.flat(), prices) : null
  return (
    <section>
      <h2 className="mb-2 font-semibold">{words.conversation}</h2>
      <FigureList
        entries={[
          [words.questions, formats.number(turns.length)],
          [words.tokens, over.length === 0 ? '–' : words.tokensInOut(formats.number(input), formats.number(output))],
          [words.cost, cost === null ? '–' : formats.cost(cost)],
        ]}
      />
    </section>
  )
}

function sum(turns: readonly Turn[], which: 'inputTokens' | 'outputTokens'): number {
  return turns.reduce((total, { usage }) => total + (usage?.[which] ?? 0), 0)
}
