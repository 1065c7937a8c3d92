import { useMemo } from 'react'
import type { Item } from '../../../src/schemas/item.ts'
import type { Status as RuntimeStatus } from '../../api/runtime-parts.ts'
import { Code } from '../../ui/code.tsx'
import { Status } from '../../ui/status.tsx'
import type { Column } from '../../ui/table.tsx'
import { useWords } from '../../words/words.tsx'
import { liveKinds, liveOf } from './live.ts'
import { OperateMenu } from './operate-menu.tsx'
import type { PartKind } from './part-types.ts'

/** What a list tells of connectors and model services beside their names. */
export function usePartColumns(
  kind: PartKind,
  runtime: { id: string; name: string } | null,
  status: RuntimeStatus | undefined,
  mayOperate: boolean,
): Column<Item>[] {
  const words = useWords().parts
  const { id, name: of } = runtime ?? {}
  return useMemo(
    () => [
      {
        id: 'type',
        header: words.type,
        grow: true,
        wide: true,
        value: ({ content }) => String(content['type']),
        cell: ({ content }) => <Code>{String(content['type'])}</Code>,
      },
      ...(id === undefined || of === undefined
        ? []
        : [
            {
              id: 'live',
              header: words.inRuntime(of),
              value: ({ name }: Item) => liveOf(status, kind, name).state,
              cell({ name }: Item) {
                const { state } = liveOf(status, kind, name)
                const isThere = state !== 'absent' && state !== 'unknown'
                return (
                  <span className="flex items-center gap-2">
                    <Status kind={liveKinds[state]}>{words.states[state]}</Status>
                    {mayOperate && isThere && <OperateMenu kind={kind} name={name} runtime={id} state={state} />}
                  </span>
                )
              },
            } satisfies Column<Item>,
          ]),
    ],
    [words, kind, id, of, status, mayOperate],
  )
}
