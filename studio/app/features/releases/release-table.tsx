import { type ReactNode, useMemo } from 'react'
import { Badge } from '../../ui/status.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import type { Words } from '../../words/english.ts'
import { useWords } from '../../words/words.tsx'
import type { ListedRelease } from './queries.ts'
import { TargetStates } from './target-state.tsx'

export interface ReleaseTableProps {
  releases: readonly ListedRelease[]
  linkOf(release: ListedRelease): ReactNode
  onOpen(release: ListedRelease): void
}

/** All releases, newest first. */
export function ReleaseTable({ releases, linkOf, onOpen }: ReleaseTableProps) {
  const words = useWords()
  const columns = useMemo(() => columnsOf(words, releases, linkOf), [words, releases, linkOf])
  return (
    <Table
      label={words.releases.title}
      columns={columns}
      items={releases}
      keyOf={({ n }) => String(n)}
      onOpen={onOpen}
    />
  )
}

function columnsOf(
  words: Words,
  releases: readonly ListedRelease[],
  linkOf: ReleaseTableProps['linkOf'],
): Column<ListedRelease>[] {
  return [
    {
      id: 'n',
      header: words.releases.number,
      sortable: false,
      value: ({ n }) => n,
      cell: linkOf,
    },
    {
      id: 'summary',
      header: words.releases.summary,
      sortable: false,
      grow: true,
      value: ({ summary }) => summary,
      cell: ({ summary, rollsBackTo }) => (
        <span className="flex items-center gap-2">
          <span className="truncate">{summary}</span>
          {rollsBackTo !== null && <Badge>{words.releases.rollsBackTo(rollsBackTo)}</Badge>}
        </span>
      ),
    },
    {
      id: 'author',
      header: words.releases.author,
      sortable: false,
      wide: true,
      value: ({ author }) => author.name,
    },
    {
      id: 'at',
      header: words.releases.at,
      sortable: false,
      wide: true,
      value: ({ at }) => at,
      cell: ({ at }) => <RelativeTime at={at} />,
    },
    {
      id: 'state',
      header: words.releases.state,
      sortable: false,
      value: () => null,
      cell: (release) => <TargetStates release={release} releases={releases} />,
    },
  ]
}
