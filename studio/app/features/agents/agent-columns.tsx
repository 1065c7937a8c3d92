import { useMemo } from 'react'
import type { Item } from '../../../src/schemas/item.ts'
import { Code } from '../../ui/code.tsx'
import type { Column } from '../../ui/table.tsx'
import { useWords } from '../../words/words.tsx'

/** What a list tells of agents beside their names. */
export function useAgentColumns(): Column<Item>[] {
  const words = useWords().agents
  return useMemo(
    () => [
      {
        id: 'instructions',
        header: words.instructions,
        grow: true,
        wide: 'very',
        sortable: false,
        value: ({ content }) => firstLine(content['instructions']),
        cell: ({ content }) => <span className="text-soft">{firstLine(content['instructions'])}</span>,
      },
      {
        id: 'model',
        header: words.model,
        wide: true,
        value: ({ content }) => modelsOf(content['model']).join(' '),
        cell({ content }) {
          const [first = '–', ...others] = modelsOf(content['model'])
          return (
            <span className="flex max-w-52" title={[first, ...others].join('\n')}>
              <span className="truncate">
                <Code>{first}</Code>
              </span>
              {others.length > 0 && <span className="ml-1.5 text-faint">+{others.length}</span>}
            </span>
          )
        },
      },
    ],
    [words],
  )
}

/** In order of fallback, however they are written. */
export function modelsOf(model: unknown): string[] {
  const given: unknown[] = Array.isArray(model) ? model : [model]
  return given.filter((one): one is string => typeof one === 'string' && one !== '')
}

/** What it says first beside headings. */
function firstLine(instructions: unknown): string {
  const lines = typeof instructions === 'string' ? instructions.split('\n').filter((line) => line.trim() !== '') : []
  return (lines.find((line) => !line.startsWith('#')) ?? lines[0] ?? '').slice(0, 200)
}
