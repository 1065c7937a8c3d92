import { Activity, Play, Square, Zap } from 'lucide-react'
import { tell } from '../../api/problem.ts'
import { useSwitchConnector, useTestPart } from '../../api/runtime-parts.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { toast } from '../../ui/toast.ts'
import { useFormats, useWords } from '../../words/words.tsx'
import type { Live } from './live.ts'
import type { PartKind } from './part-types.ts'

export interface OperateMenuProps {
  kind: PartKind
  name: string
  runtime: string
  state: Live['state']
}

/** What operators do with one part of a list: test it, stop and start it. What comes of it is said in the corner. */
export function OperateMenu({ kind, name, runtime, state }: OperateMenuProps) {
  const words = useWords()
  const formats = useFormats()
  const test = useTestPart(runtime, kind)
  const change = useSwitchConnector(runtime)
  const fail = (error: unknown): void => toast(tell(error, words).title, { kind: 'danger' })
  const run = (to: 'start' | 'stop'): void =>
    change.mutate(
      { name, to },
      {
        onError: fail,
        onSuccess: () =>
          toast(to === 'stop' ? words.parts.stopped(name) : words.parts.started(name), {
            undo: to === 'stop' ? () => run('start') : undefined,
          }),
      },
    )
  const tryOut = (): void =>
    test.mutate(name, {
      onError: fail,
      onSuccess({ result, latencyMs, detail, hint }) {
        const title = [words.parts.results[result], latencyMs === null ? null : formats.duration(latencyMs)]
        toast(`${name}: ${title.filter(Boolean).join(', ')}`, {
          kind: result === 'failed' ? 'danger' : 'ok',
          text: [detail, hint].filter(Boolean).join(' '),
        })
      },
    })
  return (
    <Menu
      trigger={
        <IconButton
          label={words.parts.operate(name)}
          icon={
            <Activity className={`size-4 ${test.isPending || change.isPending ? 'animate-breathe' : ''}`} aria-hidden />
          }
          className="size-7"
        />
      }
      groups={[
        {
          items: [
            { label: words.parts.test, icon: <Zap className="size-4" aria-hidden />, onSelect: tryOut },
            ...(kind === 'provider'
              ? []
              : [
                  state === 'stopped'
                    ? {
                        label: words.parts.start,
                        icon: <Play className="size-4" aria-hidden />,
                        onSelect: () => run('start'),
                      }
                    : {
                        label: words.parts.stop,
                        icon: <Square className="size-4" aria-hidden />,
                        onSelect: () => run('stop'),
                      },
                ]),
          ],
        },
      ]}
    />
  )
}
