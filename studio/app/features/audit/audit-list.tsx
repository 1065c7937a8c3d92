import { useQuery, useSuspenseInfiniteQuery } from '@tanstack/react-query'
import { ScrollText } from 'lucide-react'
import { useMemo } from 'react'
import { Code } from '../../ui/code.tsx'
import { EmptyState, NoMatchState } from '../../ui/states.tsx'
import { Notice } from '../../ui/notice.tsx'
import { LoadMore } from '../../ui/load-more.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { AbsoluteTime, RelativeTime } from '../../ui/time.tsx'
import type { Words } from '../../words/english.ts'
import { useWords } from '../../words/words.tsx'
import { nameOfTarget, sayAction, sayActor } from './said.ts'
import { AuditEntryDialog } from './audit-entry.tsx'
import { AuditFilters } from './audit-filters.tsx'
import type { Entry } from './entries.ts'
import { auditEntryQuery, type AuditFilter, auditQuery, type Log } from './queries.ts'

export interface AuditListProps {
  log: Log
  filter: AuditFilter
  /** The number of the entry that is looked at. */
  chosen: number | null
  onFilter(change: AuditFilter): void
  onChoose(n: number | null): void
}

/** Who did what, and when; newest first. */
export function AuditList({ log, filter, chosen, onFilter, onChoose }: AuditListProps) {
  const words = useWords()
  const query = useSuspenseInfiniteQuery({ ...auditQuery(log, filter), refetchInterval: 30_000 })
  const entries = useMemo(() => query.data.pages.flatMap((page) => page.data), [query.data])
  const columns = useMemo(() => columnsOf(words), [words])
  const isFiltering = filter.actor !== undefined || filter.action !== undefined
  const read = entries.find(({ n }) => n === chosen)
  const further = useQuery({
    ...auditEntryQuery(log, chosen ?? 0),
    enabled: chosen !== null && read === undefined,
  })
  const entry = read ?? (chosen === null ? undefined : further.data)
  return (
    <>
      <AuditFilters log={log} filter={filter} entries={entries} onFilter={onFilter} />
      {chosen !== null && read === undefined && further.data === null && (
        <div className="mb-4">
          <Notice kind="info">{words.audit.noEntry(chosen)}</Notice>
        </div>
      )}
      <Table
        label={words.audit.title}
        columns={columns}
        items={entries}
        keyOf={({ n }) => String(n)}
        onOpen={({ n }) => onChoose(n)}
        chosen={chosen === null ? null : String(chosen)}
        {...(entries.length > 300 ? { virtual: 'calc(100dvh - 18rem)' } : {})}
      >
        {isFiltering ? (
          <NoMatchState onClear={() => onFilter({ actor: undefined, action: undefined })} />
        ) : (
          <EmptyState icon={<ScrollText aria-hidden />} title={words.audit.empty} text={words.audit.emptyHint} />
        )}
      </Table>
      {entries.length > 0 && (
        <LoadMore
          shown={entries.length}
          more={query.hasNextPage}
          pending={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
        />
      )}
      {entry && <AuditEntryDialog entry={entry} onClose={() => onChoose(null)} />}
    </>
  )
}

function columnsOf(words: Words): Column<Entry>[] {
  return [
    { id: 'n', header: words.audit.number, align: 'right', wide: true, sortable: false, value: ({ n }) => n },
    {
      id: 'at',
      header: words.audit.when,
      sortable: false,
      wide: true,
      value: ({ at }) => at,
      cell: ({ at }) => <AbsoluteTime at={at} />,
    },
    {
      id: 'actor',
      header: words.audit.who,
      sortable: false,
      wide: true,
      value: (entry) => sayActor(entry, words),
    },
    {
      id: 'action',
      header: words.audit.what,
      sortable: false,
      wide: true,
      value: (entry) => entry.action,
      cell: (entry) => <span className="font-medium">{sayAction(entry.action, words)}</span>,
    },
    {
      id: 'target',
      header: words.audit.target,
      sortable: false,
      wide: true,
      grow: true,
      value: ({ target }) => target,
      cell: (entry) => <Target entry={entry} />,
    },
    {
      id: 'short',
      header: words.audit.what,
      sortable: false,
      narrow: true,
      grow: true,
      value: (entry) => entry.action,
      cell: (entry) => (
        <>
          <span className="block truncate font-medium">{sayAction(entry.action, words)}</span>
          <span className="block truncate text-soft text-xs">
            {sayActor(entry, words)} · {nameOfTarget(entry) ?? <Code>{entry.target}</Code>}
          </span>
        </>
      ),
    },
    {
      id: 'ago',
      header: words.audit.when,
      align: 'right',
      sortable: false,
      narrow: true,
      value: ({ at }) => at,
      cell: ({ at }) => <RelativeTime at={at} />,
    },
  ]
}

function Target({ entry }: { entry: Entry }) {
  const name = nameOfTarget(entry)
  return (
    <>
      {name !== null && <span className="mr-2.5">{name}</span>}
      <span className="font-mono text-soft text-xs">{entry.target}</span>
    </>
  )
}
