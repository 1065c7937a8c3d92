import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { MapPinSearch, SearchX } from 'lucide-react'
import { useMemo } from 'react'
import { EmptyState } from '../../../ui/states.tsx'
import { type Column, Table } from '../../../ui/table.tsx'
import { RelativeTime } from '../../../ui/time.tsx'
import { SearchField, Toolbar } from '../../../ui/toolbar.tsx'
import type { Words } from '../../../words/english.ts'
import { useWords } from '../../../words/words.tsx'
import { useFresh } from '../fresh.ts'
import { isId, placeOf, textOf } from '../place.ts'
import { TaskStatus } from '../states.tsx'
import type { Message, Watched } from '../types.ts'
import { useEverywhere } from './everywhere.ts'
import { byIdQuery, type FoundMessage, matches, recentMessagesQuery } from './queries.ts'
import { SearchReach } from './search-reach.tsx'

export interface MessageSearchProps {
  runtime: Watched
  q: string
  onSearch(q: string): void
  onOpen(message: Message): void
}

/** Finds the message that somebody asks for. */
export function MessageSearch({ runtime, q, onSearch, onOpen }: MessageSearchProps) {
  const words = useWords()
  const refetchInterval = useFresh(runtime.id, {
    keys: [recentMessagesQuery(runtime.id).queryKey],
    concerns: ({ type }) => type === 'message.received' || type.startsWith('task.'),
    // It takes two requests for each session.
    atMostMs: 5_000,
    calmMs: 15_000,
  })
  const recent = useSuspenseQuery({ ...recentMessagesQuery(runtime.id), refetchInterval }).data
  const wanted = q.trim().toLowerCase()
  const named = useQuery(byIdQuery(runtime.id, wanted))
  const columns = useMemo(() => columnsOf(words), [words])
  const everywhere = useEverywhere(runtime.id, isId(wanted) ? '' : wanted)
  const found = useMemo(
    () => (wanted === '' ? recent.messages : recent.messages.filter((one) => matches(one, wanted))),
    [recent, wanted],
  )
  const items = together(found, isId(wanted) ? (named.data ?? []) : everywhere.found)
  return (
    <>
      <Toolbar>
        <SearchField value={q} onChange={onSearch} placeholder={words.trace.search} />
        <SearchReach
          recent={{ messages: recent.messages.length, sessions: recent.sessions }}
          mayGoOn={wanted !== '' && !isId(wanted)}
          everywhere={everywhere}
        />
      </Toolbar>
      <Table
        label={words.trace.recent}
        columns={columns}
        items={items}
        keyOf={({ message }) => message.id}
        onOpen={({ message }) => onOpen(message)}
        virtual={items.length > 100 ? 'max(20rem, calc(100dvh - 12.5rem))' : undefined}
      >
        {wanted === '' ? (
          <EmptyState icon={<MapPinSearch aria-hidden />} title={words.trace.empty} text={words.trace.emptyHint} />
        ) : (
          <EmptyState
            icon={<SearchX aria-hidden />}
            title={everywhere.state === 'searching' ? words.trace.searching : words.ui.noMatch}
            text={everywhere.state === 'over' ? words.trace.nowhereHint : words.trace.noMatchHint}
          />
        )}
      </Table>
    </>
  )
}

/** Each once, the newest first. */
function together(recent: readonly FoundMessage[], more: readonly FoundMessage[]): readonly FoundMessage[] {
  if (more.length === 0) return recent
  const known = new Set(recent.map(({ message }) => message.id))
  return [...recent, ...more.filter(({ message }) => !known.has(message.id))].toSorted(
    (one, other) => other.message.receivedAt - one.message.receivedAt,
  )
}

function columnsOf(words: Words): Column<FoundMessage>[] {
  return [
    {
      id: 'message',
      header: words.trace.message,
      grow: true,
      sortable: false,
      value: ({ message }) => textOf(message.parts),
      cell: ({ message }) => (
        <Link to="/trace/$message" params={{ message: message.id }} className="hover:text-accent hover:underline">
          {textOf(message.parts).slice(0, 300) || words.ui.none}
        </Link>
      ),
    },
    {
      id: 'from',
      header: words.trace.from,
      wide: true,
      value: ({ message, session }) => fromOf(message, session?.address, words),
    },
    { id: 'agent', header: words.watch.agent, wide: true, value: ({ session }) => session?.agent ?? null },
    {
      id: 'state',
      header: words.watch.state,
      value: ({ state }) => (state === null ? null : words.watch.taskStates[state]),
      cell: ({ state }) => (state === null ? words.ui.none : <TaskStatus state={state} />),
    },
    {
      id: 'received',
      header: words.trace.received,
      align: 'right',
      wide: true,
      value: ({ message }) => message.receivedAt,
      cell: ({ message }) => <RelativeTime at={message.receivedAt} />,
    },
  ]
}

function fromOf(message: Message, address: string | undefined, words: Words): string {
  const name = message.person?.['name']
  const place = address === undefined ? null : placeOf(address, words.watch)
  return [typeof name === 'string' ? name : null, place].filter(Boolean).join(' · ') || words.ui.none
}
