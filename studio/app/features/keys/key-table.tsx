import { useMemo, useState } from 'react'
import { tell } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.ts'
import type { Words } from '../../words/english.ts'
import { useWords } from '../../words/words.tsx'
import { KeyStatus, stateOf } from './key-state.tsx'
import { type ApiKey, useRevokeKey } from './queries.ts'

export function KeyTable({ runtime, keys }: { runtime: string; keys: readonly ApiKey[] }) {
  const words = useWords()
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  const columns = useMemo(() => columnsOf(words, setRevoking), [words])
  return (
    <>
      <Table label={words.keys.title} columns={columns} items={keys} keyOf={({ id }) => id} />
      {revoking && <RevokeKey runtime={runtime} revoking={revoking} onClose={() => setRevoking(null)} />}
    </>
  )
}

function columnsOf({ ui, keys: words }: Words, onRevoke: (key: ApiKey) => void): Column<ApiKey>[] {
  const when = (at: number | null, without: string) =>
    at === null ? <span className="text-faint">{without}</span> : <RelativeTime at={at} />
  return [
    {
      id: 'name',
      header: ui.name,
      grow: true,
      value: ({ name }) => name,
      cell: ({ name, id }) => (
        <span className="block min-w-0">
          <span className="block truncate font-medium">{name}</span>
          <span className="block truncate font-mono text-faint text-xs">{id}</span>
        </span>
      ),
    },
    {
      id: 'scopes',
      header: words.scopes,
      wide: true,
      sortable: false,
      value: ({ scopes }) => scopes.join(', '),
      cell: ({ scopes }) => <span className="font-mono text-xs">{scopes.join(', ')}</span>,
    },
    {
      id: 'space',
      header: words.space,
      wide: true,
      value: ({ space }) => space,
      cell: ({ space }) => (space === '*' ? words.everySpace : <span className="font-mono text-xs">{space}</span>),
    },
    {
      id: 'agents',
      header: words.agents,
      wide: true,
      sortable: false,
      value: ({ agents }) => agents?.join(', ') ?? words.allAgents,
    },
    {
      id: 'state',
      header: words.state,
      value: stateOf,
      cell: (key) => <KeyStatus of={key} />,
    },
    {
      id: 'until',
      header: words.until,
      wide: true,
      value: ({ expiresAt }) => expiresAt,
      cell: ({ expiresAt }) => when(expiresAt, words.forGood),
    },
    {
      id: 'used',
      header: words.lastUsed,
      wide: true,
      value: ({ lastUsedAt }) => lastUsedAt,
      cell: ({ lastUsedAt }) => when(lastUsedAt, words.never),
    },
    {
      id: 'actions',
      header: ui.more,
      hideHeader: true,
      sortable: false,
      align: 'right',
      value: () => null,
      cell: (key) =>
        key.revokedAt === null && (
          <Button variant="quiet" aria-label={`${words.revoke}: ${key.name}`} onClick={() => onRevoke(key)}>
            {words.revoke}
          </Button>
        ),
    },
  ]
}

interface RevokeKeyProps {
  runtime: string
  revoking: ApiKey
  onClose(): void
}

function RevokeKey({ runtime, revoking: { id, name }, onClose }: RevokeKeyProps) {
  const words = useWords()
  const revoke = useRevokeKey(runtime)
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={words.keys.revokeTitle(name)}
      text={words.keys.revokeText}
      action={words.keys.revoke}
      pending={revoke.isPending}
      error={revoke.error ? tell(revoke.error, words).title : undefined}
      onConfirm={() =>
        revoke.mutate(id, {
          onSuccess() {
            onClose()
            toast(words.keys.revoked(name))
          },
        })
      }
    />
  )
}
