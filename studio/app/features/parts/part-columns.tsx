import { useMemo } from 'react'
import type { Item } from '../../../src/schemas/item.ts'
import type { Column } from '../../ui/table.tsx'
import { useWords } from '../../words/words.tsx'

/** What a list tells of connectors and model services beside their names. */
export function usePartColumns(): Column<Item>[] {
  const words = useWords().parts
  return useMemo(
    () => [{ id: 'type', header: words.type, grow: true, value: ({ content }) => String(content['type']) }],
    [words],
  )
}
