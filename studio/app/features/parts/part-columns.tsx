import { useMemo } from 'react'
import type { Item } from '../../../src/schemas/item.ts'
import type { Status as RuntimeStatus } from '../../api/runtime-parts.ts'
import { Code } from '../../ui/code.tsx'
import { Status } from '../../ui/status.tsx'
import type { Column } from '../../ui/table.tsx'
import { useWords } from '../../words/words.tsx'
import { liveKinds, liveOf } from './live.ts'
import type { PartKind } from './part-types.ts'

/** What a list tells of connectors and model services beside their names. */
export function usePartColumns(
  kind: PartKind,
  runtime: { name: string } | null,
  status: RuntimeStatus | undefined,
): Column<Item>[] {
  const words = useWords().parts
  const of = runtime?.name
  return useMemo(
    () => [
      {
        id: 'type',
        header: words.type,
        grow: true,
        value: ({ content }) => String(content['type']),
        cell: ({ content }) => <Code>{String(content['type'])}</Code>,
      },
      ...(of === undefined
        ? []
        : [
            {
              id: 'live',
              header: words.inRuntime(of),
              value: ({ name }: Item) => liveOf(status, kind, name).state,
              cell({ name }: Item) {
                const { state } = liveOf(status, kind, name)
                return <Status kind={liveKinds[state]}>{words.states[state]}</Status>
              },
            } satisfies Column<Item>,
          ]),
    ],
    [words, kind, of, status],
  )
}
