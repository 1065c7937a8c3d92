import { Play, Square, Zap } from 'lucide-react'
import { useState } from 'react'
import { tell } from '../../api/problem.ts'
import {
  type PartTest,
  type Status as RuntimeStatus,
  useSwitchConnector,
  useTestPart,
} from '../../api/runtime-parts.ts'
import { Button } from '../../ui/button.tsx'
import { Code } from '../../ui/code.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Status } from '../../ui/status.tsx'
import { Duration } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.ts'
import { useWords } from '../../words/words.tsx'
import { liveKinds, liveOf } from './live.ts'
import type { PartKind } from './part-types.ts'

export interface PartLiveProps {
  kind: PartKind
  name: string
  runtime: { id: string; name: string }
  status: RuntimeStatus | undefined
  /** Why the runtime does not tell. */
  error: unknown
  mayOperate: boolean
}

/** What it is doing in the runtime that is watched, and what operators can do about that. */
export function PartLive({ kind, name, runtime, status, error, mayOperate }: PartLiveProps) {
  const words = useWords()
  const live = liveOf(status, kind, name)
  const isThere = live.state !== 'absent' && live.state !== 'unknown'
  const test = useTestPart(runtime.id, kind)
  return (
    <section aria-label={words.parts.inRuntime(runtime.name)} className="flex flex-col gap-3">
      <h2 className="font-semibold text-lg">{words.parts.inRuntime(runtime.name)}</h2>
      <div role="status" className="text-sm">
        {error && status === undefined ? (
          <Status kind="danger">{tell(error, words).title}</Status>
        ) : (
          <Status kind={liveKinds[live.state]}>{words.parts.states[live.state]}</Status>
        )}
      </div>
      {live.state === 'absent' && <p className="text-soft text-sm">{words.parts.absentText}</p>}
      <KeyValue
        entries={[
          [words.parts.account, live.account ? <Code key="account">{live.account}</Code> : null],
          [words.parts.detail, live.detail],
        ]}
      />
      {mayOperate && isThere && (
        <div className="flex flex-wrap gap-2">
          <Button
            icon={<Zap className="size-4" aria-hidden />}
            pending={test.isPending}
            onClick={() => test.mutate(name)}
          >
            {words.parts.test}
          </Button>
          {kind === 'connector' && <Switch name={name} runtime={runtime} isStopped={live.state === 'stopped'} />}
        </div>
      )}
      {test.error && <p className="text-danger text-sm">{tell(test.error, words).title}</p>}
      {test.data && <TestResult result={test.data} />}
    </section>
  )
}

function Switch({ name, runtime, isStopped }: Pick<PartLiveProps, 'name' | 'runtime'> & { isStopped: boolean }) {
  const words = useWords()
  const change = useSwitchConnector(runtime.id)
  const [asks, setAsks] = useState(false)
  const run = (to: 'start' | 'stop'): void =>
    change.mutate(
      { name, to },
      {
        onSuccess() {
          setAsks(false)
          toast(to === 'stop' ? words.parts.stopped(name) : words.parts.started(name), {
            undo: to === 'stop' ? () => change.mutate({ name, to: 'start' }) : undefined,
          })
        },
      },
    )
  const told = change.error ? tell(change.error, words) : null
  return (
    <>
      {isStopped ? (
        <Button icon={<Play className="size-4" aria-hidden />} pending={change.isPending} onClick={() => run('start')}>
          {words.parts.start}
        </Button>
      ) : (
        <Button icon={<Square className="size-4" aria-hidden />} onClick={() => setAsks(true)}>
          {words.parts.stop}
        </Button>
      )}
      {told && !asks && (
        <p className="basis-full text-danger text-sm">
          {told.title} {told.text}
        </p>
      )}
      <ConfirmDialog
        open={asks}
        onClose={() => setAsks(false)}
        title={words.parts.stopTitle(name)}
        text={words.parts.stopText}
        action={words.parts.stop}
        pending={change.isPending}
        error={told?.title}
        onConfirm={() => run('stop')}
      />
    </>
  )
}

function TestResult({ result }: { result: PartTest }) {
  const words = useWords().parts
  const kind = { ok: 'ok', failed: 'danger', untestable: 'muted' } as const
  return (
    <div className="border-line border-t pt-3 text-sm">
      <p role="status" className="flex items-center gap-3">
        <Status kind={kind[result.result]}>{words.results[result.result]}</Status>
        {result.latencyMs !== null && <Duration ms={result.latencyMs} />}
      </p>
      {result.detail && <p className="mt-1 break-words text-soft">{result.detail}</p>}
      {result.hint && <p className="mt-1 break-words text-soft">{result.hint}</p>}
      {result.models && result.models.length > 0 && (
        <details className="mt-2">
          <summary className="w-fit cursor-pointer rounded-sm text-soft hover:text-ink">
            {words.models(result.models.length)}
          </summary>
          <ul className="mt-1 max-h-64 overflow-y-auto">
            {result.models.map((model) => (
              <li key={model} className="py-0.5">
                <Code>{model}</Code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}
