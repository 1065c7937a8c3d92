import { MessageSquareText, MessagesSquare, Plus } from 'lucide-react'
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Select } from '../../ui/select.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { useStore } from '../../ui/store.ts'
import { useWords } from '../../words/words.tsx'
import { Composer } from './composer.tsx'
import { beginAnew, conversationWith, isReplaced, keyOf, say, sayAgain, stop } from './conversation.ts'
import { ConversationFigures } from './conversation-figures.tsx'
import type { Prices } from './figures.ts'
import { SourceChoice } from './source-choice.tsx'
import type { Partner } from './talk.ts'
import { TurnFigures } from './turn-figures.tsx'
import { TurnView } from './turn-view.tsx'

/** An agent that one can talk to, and the models it may ask. */
export interface Known {
  name: string
  models: readonly string[]
}

export interface PlaygroundProps {
  /** The id of who is signed in. */
  user: string
  runtime: string
  source: Partner['source']
  /** Chosen in the URL; it may be there no more. */
  agent: string | null
  agents: readonly Known[]
  prices: Prices
  mayTalk: boolean
  onChoose(choice: { agent?: string; source?: Partner['source'] }): void
  /** In place of the conversation, where there is nobody to talk to. */
  nobody: ReactNode
}

export function Playground({
  user,
  runtime,
  source,
  agent,
  agents,
  prices,
  mayTalk,
  onChoose,
  nobody,
}: PlaygroundProps) {
  const words = useWords().playground
  const known = agents.find((one) => one.name === agent)
  const partner = known === undefined ? null : { user, runtime, source, agent: known.name }
  return (
    <>
      <PageHeader
        title={words.title}
        text={words.text}
        actions={
          partner &&
          mayTalk && (
            <Button icon={<Plus className="size-4" aria-hidden />} onClick={() => beginAnew(partner)}>
              {words.newConversation}
            </Button>
          )
        }
      />
      <div className="mb-4 flex flex-wrap items-center gap-2">
        <div className="w-full sm:w-56">
          <Select
            label={words.agent}
            hideLabel
            placeholder={words.noAgent}
            value={known?.name ?? null}
            onChange={(name) => onChoose({ agent: name })}
            choices={agents.map(({ name, models }) => ({ value: name, label: name, hint: models.join(', ') }))}
            disabled={agents.length === 0}
          />
        </div>
        <SourceChoice value={source} onChange={(next) => onChoose({ source: next })} />
        <p className="text-faint text-sm">{words.sourceHints[source]}</p>
      </div>
      {partner && known ? (
        <Talk key={keyOf(partner)} partner={partner} models={known.models} prices={prices} mayTalk={mayTalk} />
      ) : (
        nobody
      )}
    </>
  )
}

interface TalkProps {
  partner: Partner
  models: readonly string[]
  prices: Prices
  mayTalk: boolean
}

function Talk({ partner, models, prices, mayTalk }: TalkProps) {
  const words = useWords().playground
  const conversation = useStore(conversationWith(partner))
  const { turns } = conversation
  const [chosenId, choose] = useState<string | null>(null)
  const last = turns.at(-1)
  const chosen = turns.find((turn) => turn.id === chosenId) ?? last
  const isRunning = last?.state === 'running'
  const end = useRef<HTMLDivElement>(null)
  useFollowing(end, last)
  return (
    <div className="grid gap-x-8 lg:grid-cols-[minmax(0,1fr)_18rem]">
      <div className="flex min-h-[calc(100dvh-10.5rem)] min-w-0 flex-col max-sm:min-h-[calc(100dvh-22.9rem)]">
        <div className="flex-1">
          {turns.length === 0 ? (
            <EmptyState
              icon={mayTalk ? <MessageSquareText aria-hidden /> : <MessagesSquare aria-hidden />}
              title={mayTalk ? words.empty(partner.agent) : words.viewer}
            />
          ) : (
            <ol className="flex flex-col gap-6 pb-6" aria-label={words.conversation}>
              {turns.map((turn) => (
                <li key={turn.id} className="min-w-0">
                  <TurnView
                    turn={turn}
                    draft={partner.source === 'draft'}
                    chosen={turn.id === chosen?.id}
                    onChoose={() => choose(turn.id)}
                    again={
                      mayTalk && turn === last && !isRunning
                        ? { act: () => void sayAgain(partner), replaces: isReplaced(partner, turns) }
                        : null
                    }
                  />
                  {turn.id === chosenId && turn.state !== 'running' && (
                    <div className="mt-3 border-line border-l-2 pl-4 lg:hidden">
                      <TurnFigures turn={turn} partner={partner} models={models} prices={prices} />
                    </div>
                  )}
                </li>
              ))}
            </ol>
          )}
          <div ref={end} />
        </div>
        {mayTalk ? (
          <Composer
            draftKey={keyOf(partner)}
            agent={partner.agent}
            running={isRunning}
            onSay={(text) => {
              choose(null)
              void say(partner, text)
            }}
            onStop={() => stop(partner)}
          />
        ) : (
          turns.length > 0 && <Notice kind="info">{words.viewer}</Notice>
        )}
      </div>
      <aside className="hidden lg:block" aria-label={words.details}>
        <div className="sticky top-6 flex flex-col gap-6">
          {turns.length > 0 && <ConversationFigures turns={turns} models={models} prices={prices} partner={partner} />}
          {chosen && chosen.state !== 'running' && (
            <TurnFigures turn={chosen} partner={partner} models={models} prices={prices} />
          )}
        </div>
      </aside>
    </div>
  )
}

/** px from the end within which somebody still reads along. */
const nearPx = 240

/** Shows what was just said, and keeps the end in view while the answer comes, unless somebody has gone back to read. */
function useFollowing(end: { current: HTMLElement | null }, last: { id: string } | undefined): void {
  const shown = useRef<string>(undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each piece of the answer moves the end.
  useLayoutEffect(() => {
    const { scrollHeight, scrollTop, clientHeight } = document.documentElement
    const isNear = scrollHeight - scrollTop - clientHeight < nearPx
    if (last && (isNear || last.id !== shown.current)) end.current?.scrollIntoView({ block: 'end' })
    shown.current = last?.id
  }, [last])
}
