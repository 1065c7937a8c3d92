import {
  type ColumnDef,
  createSortedRowModel,
  type Row,
  rowSortingFeature,
  sortFns,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type KeyboardEvent, lazy, type ReactNode, Suspense, useRef, useState } from 'react'
import { useWords } from '../words/words.tsx'
import { classes } from './classes.ts'

export const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel(), sortFns })
type Features = typeof features

/** One column: `{ id, header, value, cell }`, plain data. Keep the list at the top of the module or in a `useMemo`. */
export interface Column<Item> {
  id: string
  header: string
  /** What is sorted by, and shown unless there is a `cell`. */
  value(item: Item): string | number | boolean | null
  cell?(item: Item): ReactNode
  /** Default true. */
  sortable?: boolean
  /** Numbers stand to the right. */
  align?: 'left' | 'right'
  /** Takes what is left, and is cut where that is too little. At most one that is shown; the others are as wide as they need. */
  grow?: boolean
  /** On a narrow screen (below 640 px, `very`: below 1024 px) it is left out. */
  wide?: boolean | 'very'
  /** It is there on a narrow screen alone, for what others are left out of. */
  narrow?: boolean
  /** The header is for screen readers alone: a column of menus. */
  hideHeader?: boolean
}

export interface TableProps<Item> {
  /** Names the table for a screen reader. */
  label: string
  columns: readonly Column<Item>[]
  /** Keep the same array while nothing changes. */
  items: readonly Item[]
  keyOf(item: Item): string
  /** Enter on a row, or a click on it beside what can be clicked in it. Put a link in the first cell too: it is what can be copied, and opened in a tab. */
  onOpen?(item: Item): void
  /** At first, and when the header is clicked back to it. */
  sortedBy?: { id: string; descending: boolean }
  /** A row that is looked at beside the table. */
  chosen?: string | null
  /** Draws only the rows in view, in a box of this height (a CSS length). For more than about 300 rows. */
  virtual?: string
  /** In place of the rows: an empty state. The head stays. */
  children?: ReactNode
}

const VirtualRows = lazy(() => import('./virtual-rows.tsx'))

/**
 * A dense table: sortable heads that stay, rows that arrow keys (and j, k) walk and Enter opens. It never asks for
 * anything: give it what a query has.
 */
export function Table<Item extends object>(props: TableProps<Item>) {
  const { label, columns, items, keyOf, sortedBy, virtual, children } = props
  const [sorting, setSorting] = useState<SortingState>(sortedBy ? [{ id: sortedBy.id, desc: sortedBy.descending }] : [])
  const table = useTable(
    {
      features,
      data: items as Item[],
      columns: columns.map(definition),
      getRowId: keyOf,
      state: { sorting },
      onSortingChange: setSorting,
    },
    (state) => state,
  )
  const rows = table.getRowModel().rows
  const box = useRef<HTMLDivElement>(null)
  const words = useWords().ui
  return (
    <div
      ref={box}
      className={classes('relative -mx-4 overflow-x-auto px-4 sm:mx-0 sm:px-0', virtual && 'overflow-y-auto')}
      style={virtual ? { height: virtual } : undefined}
    >
      <table
        className="w-full border-separate border-spacing-0 text-sm"
        aria-label={label}
        aria-rowcount={items.length}
      >
        <thead>
          <tr>
            {columns.map((column) => {
              const sorted = sorting.find((one) => one.id === column.id)
              const header = table.getColumn(column.id)
              return (
                <th
                  key={column.id}
                  scope="col"
                  aria-sort={sorted ? (sorted.desc ? 'descending' : 'ascending') : undefined}
                  className={classes(
                    'sticky top-0 z-10 h-8 border-line border-b bg-page px-3 text-left font-medium text-faint text-xs first:pl-2 last:pr-2',
                    // A long head may not keep the others out of a narrow screen.
                    column.grow && 'w-full max-w-0 truncate',
                    column.align === 'right' && 'text-right',
                    shownOn(column),
                  )}
                >
                  {column.hideHeader || column.sortable === false ? (
                    <span className={column.hideHeader ? 'sr-only' : 'whitespace-nowrap'}>{column.header}</span>
                  ) : (
                    <button
                      type="button"
                      className={classes(
                        'inline-flex h-6 items-center gap-1 whitespace-nowrap rounded-sm hover:text-ink',
                        sorted && 'text-ink',
                      )}
                      onClick={header?.getToggleSortingHandler()}
                    >
                      {column.header}
                      {sorted && (sorted.desc ? <ArrowDown className="size-3" /> : <ArrowUp className="size-3" />)}
                      {sorted && <span className="sr-only">{sorted.desc ? words.descending : words.ascending}</span>}
                    </button>
                  )}
                </th>
              )
            })}
          </tr>
        </thead>
        {virtual ? (
          <Suspense>
            <VirtualRows rows={rows} box={box} columns={columns.length}>
              {(row, at, measure) => (
                <BodyRow key={row.id} {...props} row={row as Row<Features, Item>} at={at} measure={measure} />
              )}
            </VirtualRows>
          </Suspense>
        ) : (
          <Rows {...props} rows={rows} />
        )}
      </table>
      {rows.length === 0 && children}
    </div>
  )
}

function definition<Item extends object>(column: Column<Item>): ColumnDef<Features, Item> {
  return {
    id: column.id,
    header: column.header,
    accessorFn: (item) => column.value(item),
    enableSorting: column.sortable !== false,
    sortUndefined: 'last',
  } as ColumnDef<Features, Item>
}

/** On which screens the column is there, its head as its cells. */
function shownOn<Item>({ wide, narrow }: Column<Item>): string {
  return classes(wide && (wide === 'very' ? 'max-lg:hidden' : 'max-sm:hidden'), narrow && 'sm:hidden')
}

interface RowsProps<Item extends object> extends TableProps<Item> {
  rows: readonly Row<Features, Item>[]
}

function Rows<Item extends object>({ rows, ...props }: RowsProps<Item>) {
  return (
    <tbody>
      {rows.map((row, at) => (
        <BodyRow key={row.id} {...props} row={row} at={at} />
      ))}
    </tbody>
  )
}

function BodyRow<Item extends object>({
  row,
  at,
  columns,
  keyOf,
  onOpen,
  chosen,
  measure,
}: Omit<RowsProps<Item>, 'rows'> & { row: Row<Features, Item>; at: number; measure?: (node: Element | null) => void }) {
  const item = row.original
  return (
    <tr
      ref={measure}
      data-index={at}
      aria-rowindex={at + 1}
      tabIndex={onOpen ? (at === 0 ? 0 : -1) : undefined}
      aria-selected={chosen === undefined ? undefined : chosen === keyOf(item)}
      onKeyDown={onOpen && ((event) => walk(event, () => onOpen(item)))}
      onClick={
        onOpen &&
        ((event) => {
          const inside = event.target as Element
          if (inside.closest('a, button, input, label, [role=menuitem]') === null && !getSelection()?.toString())
            onOpen(item)
        })
      }
      className={classes(
        'group focus-visible:-outline-offset-2',
        onOpen && 'cursor-default hover:bg-hover',
        chosen === keyOf(item) && 'bg-chosen',
      )}
    >
      {columns.map((column) => (
        <td
          key={column.id}
          className={classes(
            'h-10 border-line border-b px-3 py-1.5 first:pl-2 last:pr-2',
            column.align === 'right' && 'text-right',
            column.grow ? 'max-w-0 truncate' : 'whitespace-nowrap',
            shownOn(column),
          )}
        >
          {column.cell ? column.cell(item) : String(column.value(item) ?? '–')}
        </td>
      ))}
    </tr>
  )
}

/** Arrow keys, j and k, Home and End move the focus from row to row; Enter opens. */
function walk(event: KeyboardEvent<HTMLTableRowElement>, open: () => void): void {
  if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return
  const row = event.currentTarget
  const rows = [...(row.parentElement?.querySelectorAll<HTMLElement>('tr[data-index]') ?? [])]
  const to = {
    ArrowDown: row.nextElementSibling,
    j: row.nextElementSibling,
    ArrowUp: row.previousElementSibling,
    k: row.previousElementSibling,
    Home: rows[0],
    End: rows.at(-1),
  }[event.key]
  if (to instanceof HTMLElement && to.matches('tr[data-index]')) {
    event.preventDefault()
    to.focus()
    to.scrollIntoView({ block: 'nearest' })
  } else if (event.key === 'Enter') {
    event.preventDefault()
    open()
  }
}
