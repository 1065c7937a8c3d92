import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import type { Item, ItemKind } from '../../../src/schemas/item.ts'
import { useRestoreItem } from '../../api/items.ts'
import { tell } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { type Column, Table } from '../../ui/table.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.ts'
import type { Words } from '../../words/english.ts'
import { useWords } from '../../words/words.tsx'
import { ItemActions } from './item-actions.tsx'
import { places, sections } from './places.ts'
import { Publication, publicationRank } from './publication.tsx'

export interface ItemTableProps {
  kind: ItemKind
  items: readonly Item[]
  /** These were deleted: they can be brought back. */
  deleted: boolean
  mayEdit: boolean
  /** What a kind tells of itself, between the name and the state. Keep the list in a `useMemo`. */
  columns: readonly Column<Item>[]
  /** What a field is called. Keep it in a `useCallback`. */
  labelOf(pointer: string): string
  /** In place of the rows: an empty state. */
  children?: ReactNode
}

/** All items of a kind. */
export function ItemTable({ kind, items, deleted, mayEdit, columns, labelOf, children }: ItemTableProps) {
  const words = useWords()
  const navigate = useNavigate()
  const all = useMemo(
    () => columnsOf(kind, columns, words, deleted, mayEdit, labelOf),
    [kind, columns, words, deleted, mayEdit, labelOf],
  )
  return (
    <Table
      label={words.shell.sections[sections[kind]]}
      columns={all}
      items={items}
      keyOf={(item) => item.name}
      sortedBy={{ id: 'name', descending: false }}
      onOpen={(item) => void navigate({ to: places[kind].one, params: { name: item.name }, search: {} })}
    >
      {children}
    </Table>
  )
}

function columnsOf(
  kind: ItemKind,
  own: readonly Column<Item>[],
  words: Words,
  deleted: boolean,
  mayEdit: boolean,
  labelOf: ItemTableProps['labelOf'],
): Column<Item>[] {
  const grows = own.some((column) => column.grow)
  return [
    {
      id: 'name',
      // A route is called like the connector that it leads from.
      header: kind === 'route' ? words.routes.connector : words.ui.name,
      grow: !grows,
      value: (item) => item.name,
      cell: (item) => (
        <Link
          to={places[kind].one}
          params={{ name: item.name }}
          search={{}}
          title={item.name}
          className={classes(
            'block truncate font-medium hover:text-accent hover:underline',
            // Where another column takes what is left, a name may not take it all.
            grows && 'max-w-[calc(100vw-18rem)] sm:max-w-52 xl:max-w-60',
          )}
        >
          {item.name}
        </Link>
      ),
    },
    ...own,
    { id: 'state', header: words.items.state, value: publicationRank, cell: (item) => <Publication item={item} /> },
    {
      id: 'by',
      header: deleted ? words.items.deletedByHead : words.items.changedBy,
      wide: 'very',
      value: (item) => item.changedBy.name,
    },
    {
      id: 'at',
      header: deleted ? words.items.deletedAt : words.items.changedAt,
      wide: true,
      value: (item) => item.changedAt,
      cell: (item) => <RelativeTime at={item.changedAt} />,
    },
    ...(mayEdit
      ? [
          {
            id: 'actions',
            header: words.ui.more,
            hideHeader: true,
            sortable: false,
            align: 'right',
            value: () => null,
            cell: (item) => (deleted ? <Restore item={item} /> : <ItemActions item={item} labelOf={labelOf} />),
          } satisfies Column<Item>,
        ]
      : []),
  ]
}

function Restore({ item }: { item: Item }) {
  const words = useWords()
  const restore = useRestoreItem()
  return (
    <Button
      size="small"
      pending={restore.isPending}
      aria-label={`${words.items.restore}: ${item.name}`}
      onClick={() =>
        restore.mutate(
          { kind: item.kind, name: item.name, base: item.version },
          {
            onSuccess: () => toast(words.items.restored(item.name)),
            onError: (error) => toast(tell(error, words).title, { kind: 'danger' }),
          },
        )
      }
    >
      {words.items.restore}
    </Button>
  )
}
