import { useVirtualizer } from '@tanstack/react-virtual'
import type { ReactNode } from 'react'

export interface VirtualRowsProps<Row extends { id: string }> {
  rows: readonly Row[]
  /** What scrolls. */
  box: { current: HTMLDivElement | null }
  /** How many columns the table has. */
  columns: number
  /** One row, with its place in the list, and what measures it as its `ref`. */
  children(row: Row, at: number, measure: (node: Element | null) => void): ReactNode
}

/** px; what a row is taken for until it is measured. */
const rowHeight = 40

/** The rows in view and a few around them. Loaded with the first table that needs it. */
export default function VirtualRows<Row extends { id: string }>({
  rows,
  box,
  columns,
  children,
}: VirtualRowsProps<Row>) {
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    getItemKey: (at) => rows[at]?.id ?? at,
    overscan: 12,
  })
  const shown = virtualizer.getVirtualItems()
  const before = shown[0]?.start ?? 0
  const after = virtualizer.getTotalSize() - (shown.at(-1)?.end ?? 0)
  return (
    <tbody>
      {before > 0 && <Gap height={before} columns={columns} />}
      {shown.map(({ index }) => {
        const row = rows[index]
        return row && children(row, index, virtualizer.measureElement)
      })}
      {after > 0 && <Gap height={after} columns={columns} />}
    </tbody>
  )
}

function Gap({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={columns} style={{ height }} />
    </tr>
  )
}
