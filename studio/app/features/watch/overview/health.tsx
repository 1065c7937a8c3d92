import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { Status } from '../../../ui/status.tsx'
import { type Column, Table } from '../../../ui/table.tsx'
import type { Formats } from '../../../words/formats.ts'
import type { Words } from '../../../words/english.ts'
import { useFormats, useWords } from '../../../words/words.tsx'
import type { RuntimeStatus, Watched } from '../types.ts'
import { statusQuery } from './queries.ts'

interface Row {
  runtime: Watched
  /** What it said last, also when it does not answer now. */
  status: RuntimeStatus | undefined
  isLost: boolean
}

/** How each runtime is doing. */
export function Health({ runtimes }: { runtimes: readonly Watched[] }) {
  const words = useWords()
  const formats = useFormats()
  const asked = useQueries({ queries: runtimes.map(({ id }) => statusQuery(id)) })
  const rows = runtimes.map((runtime, at): Row => {
    const one = asked[at]
    return { runtime, status: one?.data, isLost: one?.isError ?? false }
  })
  const columns = useMemo(() => columnsOf(words, formats), [words, formats])
  return <Table label={words.overview.health} columns={columns} items={rows} keyOf={({ runtime }) => runtime.id} />
}

function columnsOf(words: Words, formats: Formats): Column<Row>[] {
  const { overview } = words
  const { none } = words.ui
  return [
    {
      id: 'runtime',
      header: overview.runtime,
      grow: true,
      value: ({ runtime }) => runtime.name,
      cell: ({ runtime }) => (
        <Link
          to="/overview"
          search={(now) => ({ ...now, runtime: runtime.id })}
          className="font-medium hover:text-accent hover:underline"
        >
          {runtime.name}
        </Link>
      ),
    },
    {
      id: 'state',
      header: words.watch.state,
      value: ({ isLost, status }) => (isLost ? 0 : status?.ready ? 2 : 1),
      cell: ({ isLost, status }) => {
        if (isLost) return <Status kind="danger">{overview.unreachable}</Status>
        if (status === undefined)
          return (
            <Status kind="muted" live>
              {overview.asking}
            </Status>
          )
        return status.ready ? (
          <Status kind="ok">{overview.ready}</Status>
        ) : (
          <Status kind="danger">{overview.unready}</Status>
        )
      },
    },
    {
      id: 'connectors',
      header: overview.connectors,
      align: 'right',
      value: ({ status }) => status?.connectors.length ?? null,
      cell: ({ status }) =>
        status === undefined
          ? none
          : overview.connected(
              status.connectors.filter(({ state, ok }) => state === 'connected' && ok).length,
              status.connectors.length,
            ),
    },
    {
      id: 'inbox',
      header: overview.inbox,
      align: 'right',
      wide: true,
      value: ({ status }) => status?.inbox.queued ?? null,
      cell: ({ status }) =>
        status === undefined ? none : `${formats.number(status.inbox.queued)}, ${formats.number(status.inbox.running)}`,
    },
    {
      id: 'outbox',
      header: overview.outbox,
      align: 'right',
      wide: true,
      value: ({ status }) => (status === undefined ? null : toBeSent(status)),
      cell: ({ status }) => (status === undefined ? none : formats.number(toBeSent(status))),
    },
    {
      id: 'uptime',
      header: overview.uptime,
      align: 'right',
      wide: true,
      value: ({ status }) => status?.uptimeMs ?? null,
      cell: ({ status }) => (status?.uptimeMs == null ? none : formats.duration(status.uptimeMs)),
    },
    {
      id: 'version',
      header: overview.version,
      align: 'right',
      wide: true,
      value: ({ status }) => status?.version ?? null,
    },
  ]
}

function toBeSent({ outbox }: RuntimeStatus): number {
  return outbox.pending + outbox.sending + outbox.retrying + outbox.uncertain
}
