import { useQuery, useSuspenseInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { MessagesSquare } from 'lucide-react'
import { type ReactNode, useDeferredValue, useMemo } from 'react'
import { Code } from '../../../ui/code.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { Select } from '../../../ui/select.tsx'
import { EmptyState, NoMatchState } from '../../../ui/states.tsx'
import { Status } from '../../../ui/status.tsx'
import { type Column, Table } from '../../../ui/table.tsx'
import { RelativeTime } from '../../../ui/time.tsx'
import { SearchField, Toolbar } from '../../../ui/toolbar.tsx'
import type { Words } from '../../../words/english.ts'
import { useWords } from '../../../words/words.tsx'
import { useFresh } from '../fresh.ts'
import { placeOf, shortId } from '../place.ts'
import { agentNamesQuery } from '../tasks/queries.ts'
import type { Session, Watched } from '../types.ts'
import { sessionListQuery } from './queries.ts'

export interface SessionSearch {
  agent?: string | undefined
  q?: string | undefined
}

export interface SessionListProps {
  runtime: Watched
  search: SessionSearch
  onSearch(change: SessionSearch): void
  onOpen(session: Session): void
}

const all = '*'

/** Every conversation, those with the latest activity first. */
export function SessionList({ runtime, search, onSearch, onOpen }: SessionListProps) {
  const words = useWords()
  const every = useFresh(runtime.id, {
    keys: [['watch', runtime.id, 'sessions']],
    concerns: ({ type }) => type === 'message.received' || type === 'command.carried-out',
    atMostMs: 3_000,
    calmMs: 10_000,
  })
  const list = useSuspenseInfiniteQuery({
    ...sessionListQuery(runtime.id),
    // All pages are read again together: beyond a few the list stands still unless something happens.
    refetchInterval: ({ state: { data } }) => (data && data.pages.length > 2 ? false : every),
  })
  const agents = useQuery(agentNamesQuery(runtime.id)).data ?? []
  const columns = useMemo(() => columnsOf(words), [words])
  const q = useDeferredValue((search.q ?? '').trim().toLowerCase())
  const { agent } = search
  const { pages } = list.data
  const sessions = useMemo(
    () =>
      pages
        .flatMap((page) => page.data)
        .filter((one) => (agent === undefined || one.agent === agent) && (q === '' || matches(one, q, words))),
    [pages, agent, q, words],
  )
  let empty: ReactNode = (
    <EmptyState icon={<MessagesSquare aria-hidden />} title={words.sessions.empty} text={words.sessions.emptyHint} />
  )
  if (agent !== undefined || q !== '')
    empty = (
      <NoMatchState
        text={
          list.hasNextPage
            ? words.watch.noMatchSoFar(pages.reduce((sum, page) => sum + page.data.length, 0))
            : undefined
        }
        onClear={() => onSearch({ agent: undefined, q: undefined })}
      />
    )
  return (
    <>
      <Toolbar>
        <SearchField
          value={search.q ?? ''}
          onChange={(next) => onSearch({ q: next || undefined })}
          placeholder={words.sessions.search}
        />
        <Select
          className="w-40"
          label={words.watch.agent}
          hideLabel
          value={agent ?? all}
          onChange={(value) => onSearch({ agent: value === all ? undefined : value })}
          choices={[{ value: all, label: words.watch.everyAgent }, ...agents.map((value) => ({ value, label: value }))]}
        />
      </Toolbar>
      <Table
        label={words.sessions.title}
        columns={columns}
        items={sessions}
        keyOf={({ id }) => id}
        sortedBy={{ id: 'active', descending: true }}
        onOpen={onOpen}
        virtual={sessions.length > 100 ? 'max(20rem, calc(100dvh - 14.5rem))' : undefined}
      >
        {empty}
      </Table>
      {(sessions.length > 0 || list.hasNextPage) && (
        <LoadMore
          shown={sessions.length}
          more={list.hasNextPage}
          pending={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
        />
      )}
    </>
  )
}

function matches({ id, address, agent }: Session, q: string, words: Words): boolean {
  return [id, address, agent, placeOf(address, words.watch)].some((text) => text.toLowerCase().includes(q))
}

function columnsOf(words: Words): Column<Session>[] {
  return [
    {
      id: 'who',
      header: words.sessions.who,
      grow: true,
      value: ({ address }) => placeOf(address, words.watch),
      cell: ({ id, address }) => (
        <Link
          to="/sessions/$session"
          params={{ session: id }}
          className="font-medium hover:text-accent hover:underline"
        >
          {placeOf(address, words.watch)}
        </Link>
      ),
    },
    { id: 'agent', header: words.watch.agent, value: ({ agent }) => agent },
    { id: 'space', header: words.watch.space, wide: true, value: ({ space }) => space },
    {
      id: 'state',
      header: words.watch.state,
      wide: true,
      value: ({ closedAt }) => closedAt === null,
      cell: ({ closedAt }) =>
        closedAt === null ? (
          <Status kind="ok">{words.sessions.open}</Status>
        ) : (
          <Status kind="muted">{words.sessions.closed}</Status>
        ),
    },
    {
      id: 'id',
      header: words.watch.id,
      wide: true,
      sortable: false,
      value: ({ id }) => id,
      cell: ({ id }) => (
        <span className="text-soft" title={id}>
          <Code>{shortId(id)}</Code>
        </span>
      ),
    },
    {
      id: 'begun',
      header: words.sessions.begun,
      align: 'right',
      wide: true,
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
    },
    {
      id: 'active',
      header: words.sessions.active,
      align: 'right',
      value: ({ lastAt }) => lastAt,
      cell: ({ lastAt }) => <RelativeTime at={lastAt} />,
    },
  ]
}
