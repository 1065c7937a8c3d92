import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Ellipsis, Pencil, RefreshCw, Server, Unplug } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import type { Runtime, RuntimeCheck } from '../../../src/schemas/runtime.ts'
import { tell } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Menu } from '../../ui/menu.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import { toast } from '../../ui/toast.ts'
import type { Words } from '../../words/english.ts'
import { useFormats, useWords } from '../../words/words.tsx'
import { identityQuery, runtimeCheckQuery, useDisconnectRuntime } from './queries.ts'

const RuntimeConnect = lazy(() => import('./runtime-connect.tsx'))

export interface RuntimeListProps {
  runtimes: readonly Runtime[]
  /** Administrators change and disconnect. */
  mayChange: boolean
  /** The button that connects one, for where there is none. */
  connect: ReactNode
}

export function RuntimeList({ runtimes, mayChange, connect }: RuntimeListProps) {
  const words = useWords().runtimes
  if (runtimes.length === 0) {
    return <EmptyState icon={<Server aria-hidden />} title={words.empty} text={words.emptyHint} action={connect} />
  }
  return (
    <ul className="divide-y divide-line">
      {runtimes.map((runtime) => (
        <li key={runtime.id} className="py-5 first:pt-1 last:pb-0">
          <RuntimeRow runtime={runtime} twin={twinOf(runtime, runtimes)} mayChange={mayChange} />
        </li>
      ))}
    </ul>
  )
}

/** Another of these that is the same process under another name or address. */
function twinOf({ id, runtimeId }: Runtime, runtimes: readonly Runtime[]): Runtime | undefined {
  return runtimes.find((one) => runtimeId !== null && one.id !== id && one.runtimeId === runtimeId)
}

interface RuntimeRowProps {
  runtime: Runtime
  twin: Runtime | undefined
  mayChange: boolean
}

function RuntimeRow({ runtime, twin, mayChange }: RuntimeRowProps) {
  const words = useWords()
  const formats = useFormats()
  const check = useQuery(runtimeCheckQuery(runtime.id))
  const told = check.error ? tell(check.error, words) : null
  const found = check.data
  return (
    <article aria-label={runtime.name}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="min-w-0 break-words font-semibold">{runtime.name}</h3>
        <span role="status" className="text-sm">
          <CheckState check={found} isPending={check.isPending} failed={told !== null} />
        </span>
        <div className="ml-auto flex items-center gap-1">
          <Button
            variant="quiet"
            size="small"
            icon={<RefreshCw className="size-3.5" aria-hidden />}
            pending={check.isFetching}
            onClick={() => void check.refetch()}
          >
            {words.runtimes.check}
          </Button>
          {mayChange && <RuntimeActions runtime={runtime} />}
        </div>
      </div>
      {(told ?? found?.problem) && (
        <div className="mt-1 text-sm">
          <p className="text-danger">{told ? told.title : found?.problem && sayCode(found.problem, words)}</p>
          {found?.problem && (
            <p className="text-soft wrap-anywhere">
              {[found.problem.detail, found.problem.hint].filter(Boolean).join(' ')}
            </p>
          )}
        </div>
      )}
      {twin && <p className="mt-1 text-sm text-warn">{words.runtimes.sameAs(twin.name)}</p>}
      <div className="mt-3">
        <KeyValue
          entries={[
            [
              words.runtimes.url,
              <code key="url" className="font-mono">
                {runtime.url}
              </code>,
            ],
            [
              words.runtimes.managementUrl,
              <code key="management" className="font-mono">
                {runtime.managementUrl}
              </code>,
            ],
            // Their places are kept until the runtime has said what they are, so that nothing jumps.
            [words.runtimes.version, found?.version ?? words.ui.none],
            [
              words.runtimes.runtimeId,
              found?.runtimeId ? (
                <code key="id" className="font-mono">
                  {found.runtimeId}
                </code>
              ) : (
                words.ui.none
              ),
            ],
            [
              words.runtimes.scopes,
              found?.scopes && found.scopes.length > 0 ? formats.list(found.scopes) : words.ui.none,
            ],
          ]}
        />
      </div>
    </article>
  )
}

/** In the words of the page; what the service says stands below, since it names the address. */
function sayCode({ code, detail }: NonNullable<RuntimeCheck['problem']>, { problems }: Words): string {
  return (Object.hasOwn(problems.codes, code) && problems.codes[code]) || detail
}

interface CheckStateProps {
  check: RuntimeCheck | undefined
  isPending: boolean
  failed: boolean
}

function CheckState({ check, isPending, failed }: CheckStateProps) {
  const words = useWords().runtimes
  if (isPending)
    return (
      <Status kind="muted" live>
        {words.checking}
      </Status>
    )
  if (failed || !check) return <Status kind="danger">{words.notChecked}</Status>
  if (check.problem?.code === 'runtime_refused') return <Status kind="danger">{words.keyRefused}</Status>
  if (!check.reachable) return <Status kind="danger">{words.unreachable}</Status>
  // Without a scope it does not say whom it trusts.
  if (check.problem !== null) return <Status kind="warn">{words.keyTooWeak}</Status>
  if (!check.trusted) return <Status kind="warn">{words.untrusted}</Status>
  return <Status kind="ok">{words.ready}</Status>
}

function RuntimeActions({ runtime }: { runtime: Runtime }) {
  const words = useWords()
  const identity = useSuspenseQuery(identityQuery).data
  const disconnect = useDisconnectRuntime()
  const [open, setOpen] = useState<'edit' | 'disconnect' | null>(null)
  const close = (): void => setOpen(null)
  return (
    <>
      <Menu
        trigger={
          <IconButton
            label={`${words.ui.more}: ${runtime.name}`}
            icon={<Ellipsis className="size-4" aria-hidden />}
            small
          />
        }
        groups={[
          {
            items: [
              {
                label: words.runtimes.edit,
                icon: <Pencil className="size-4" aria-hidden />,
                onSelect: () => setOpen('edit'),
              },
              {
                label: words.runtimes.disconnect,
                icon: <Unplug className="size-4" aria-hidden />,
                danger: true,
                onSelect: () => setOpen('disconnect'),
              },
            ],
          },
        ]}
      />
      <Suspense>{open === 'edit' && <RuntimeConnect runtime={runtime} identity={identity} onClose={close} />}</Suspense>
      <ConfirmDialog
        open={open === 'disconnect'}
        onClose={close}
        title={words.runtimes.disconnectTitle(runtime.name)}
        text={words.runtimes.disconnectText}
        action={words.runtimes.disconnect}
        pending={disconnect.isPending}
        error={disconnect.error ? tell(disconnect.error, words).title : undefined}
        onConfirm={() =>
          disconnect.mutate(runtime.id, {
            onSuccess() {
              close()
              toast(words.runtimes.disconnected(runtime.name))
            },
          })
        }
      />
    </>
  )
}
