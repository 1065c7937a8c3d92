import { type ReactNode, useState } from 'react'
import { tell } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Status } from '../../ui/status.tsx'
import { toast } from '../../ui/toast.ts'
import { useWords } from '../../words/words.tsx'
import { latestTargets, shownState } from './latest.ts'
import { type ListedRelease, useRetry } from './queries.ts'
import { TargetProblem } from './target-problem.tsx'
import { TargetState } from './target-state.tsx'
import type { ItemViews, NamedRuntime } from './views.ts'

export interface TargetListProps {
  release: ListedRelease
  /** Newest first: what came after it says whether it is still the one. */
  releases: readonly ListedRelease[]
  runtimes: readonly NamedRuntime[]
  /** Operators send again, and publish over. */
  mayOperate: boolean
  /** Editors take over what a runtime has. */
  mayEdit: boolean
  onAdopt(runtime: string): void
  views: ItemViews
}

/** Where a release is: a runtime a row, with what is wrong and the way out. */
export function TargetList({ release, releases, runtimes, mayOperate, mayEdit, onAdopt, views }: TargetListProps) {
  const words = useWords().releases
  const latest = latestTargets(releases)
  const isNewest = releases[0]?.n === release.n
  const missing = isNewest ? runtimes.filter(({ id }) => !release.targets.some(({ runtime }) => runtime === id)) : []
  if (release.targets.length === 0 && missing.length === 0) {
    return <p className="text-soft text-sm">{words.noTargets}</p>
  }
  return (
    <ul className="divide-y divide-line border-line border-y" aria-label={words.targets}>
      {release.targets.map((target) => {
        const isLatest = latest.get(target.runtime)?.n === release.n
        return (
          <Row
            key={target.runtime}
            name={target.runtimeName}
            state={<TargetState state={shownState(release.n, target, releases)} />}
            note={target.revision === null ? null : words.revision(target.revision)}
            actions={
              isLatest && (
                <>
                  {mayEdit && target.state === 'drifted' && (
                    <Button size="small" onClick={() => onAdopt(target.runtime)}>
                      {words.adopt}
                    </Button>
                  )}
                  {mayOperate && <Again n={release.n} target={target} />}
                </>
              )
            }
          >
            <TargetProblem target={target} shown={shownState(release.n, target, releases)} views={views} />
          </Row>
        )
      })}
      {missing.map(({ id, name }) => (
        <Row
          key={id}
          name={name}
          state={<Status kind="muted">{words.states.none}</Status>}
          note={null}
          actions={mayOperate && <Send n={release.n} runtime={id} force={false} label={words.sendThere} />}
        >
          <p className="text-soft text-sm">{words.notSent}</p>
        </Row>
      ))}
    </ul>
  )
}

interface RowProps {
  name: string
  state: ReactNode
  note: string | null
  actions: ReactNode
  children: ReactNode
}

function Row({ name, state, note, actions, children }: RowProps) {
  return (
    <li className="py-3">
      <div className="flex min-h-7 flex-wrap items-center gap-x-4 gap-y-1">
        <h3 className="min-w-0 break-words font-medium">{name}</h3>
        <span role="status" className="text-sm">
          {state}
        </span>
        {note && <span className="text-faint text-sm">{note}</span>}
        <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>
      </div>
      {children}
    </li>
  )
}

/** The way out that the state leaves: now, again, or over what is there. */
function Again({ n, target }: { n: number; target: ListedRelease['targets'][number] }) {
  const words = useWords().releases
  const { state, attempts, problem, runtime, runtimeName } = target
  if (state === 'pending' && attempts > 0) return <Send n={n} runtime={runtime} force={false} label={words.tryNow} />
  if (state !== 'refused' && state !== 'drifted') return null
  if (problem?.wayOut === 'force') return <Force n={n} runtime={runtime} name={runtimeName} />
  return <Send n={n} runtime={runtime} force={false} label={words.sendAgain} />
}

interface SendProps {
  n: number
  runtime: string
  force: boolean
  label: string
}

function Send({ n, runtime, force, label }: SendProps) {
  const words = useWords()
  const retry = useRetry(n)
  return (
    <Button
      size="small"
      pending={retry.isPending}
      onClick={() =>
        retry.mutate(
          { runtime, force },
          {
            onSuccess: () => toast(words.releases.sent),
            onError: (error) => toast(tell(error, words).title, { kind: 'danger' }),
          },
        )
      }
    >
      {label}
    </Button>
  )
}

function Force({ n, runtime, name }: { n: number; runtime: string; name: string }) {
  const words = useWords()
  const retry = useRetry(n)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {words.releases.force}
      </Button>
      <ConfirmDialog
        open={isOpen}
        onClose={() => setOpen(false)}
        title={words.releases.forceTitle(name)}
        text={words.releases.forceText(n)}
        action={words.releases.force}
        pending={retry.isPending}
        error={retry.error ? tell(retry.error, words).title : undefined}
        onConfirm={() =>
          retry.mutate(
            { runtime, force: true },
            {
              onSuccess() {
                setOpen(false)
                toast(words.releases.sent)
              },
            },
          )
        }
      />
    </>
  )
}
