import { cleanLine } from './clean.ts'
import type { Screen } from './screen.ts'
import { fit, padEnd, padStart, widthOf } from './width.ts'
import { wrap } from './wrap.ts'

export interface Column<Row> {
  heading: string
  /** What others wrote into it does nothing to a terminal. */
  cell(row: Row): string
  /** May be cut where the terminal is too narrow, or, `wrapped`, goes on in a line below. What people copy, such as ids, does neither. */
  flexible?: true | 'wrapped'
  /** For numbers. */
  right?: true
  /** Gets the cell as it is padded, so that colours do not count as columns. */
  paint?(text: string, row: Row): string
}

const gap = '  '
/** Less than that says nothing, cut or wrapped. Columns of the terminal. */
const least = { cut: 8, wrapped: 16 }

/**
 * Rows under headings, as wide as what they hold; in a terminal no wider than that, as far as cutting is allowed. Where that
 * is not enough, each row is a block with its headings at the side.
 */
export function tableOf<Row>(rows: readonly Row[], columns: readonly Column<Row>[], { columns: room, paint }: Screen) {
  const cells = rows.map((row) => columns.map((column) => cleanLine(column.cell(row))))
  const widths = columns.map(({ heading }, at) =>
    Math.max(widthOf(heading), ...cells.map((line) => widthOf(line[at] ?? ''))),
  )
  if (room !== null && !shrink(widths, columns, room)) return blocksOf(rows, cells, columns, { columns: room, paint })
  const line = (texts: readonly string[], finish: (text: string, at: number) => string): string =>
    texts
      .map((text, at) => {
        const width = widths[at] ?? 0
        const cut = fit(text, width)
        // Nothing is written to the end of a line that is only there to fill it.
        const filled = columns[at]?.right ? padStart(cut, width) : at === texts.length - 1 ? cut : padEnd(cut, width)
        return finish(filled, at)
      })
      .join(gap)
      .trimEnd()
  const head = line(
    columns.map(({ heading }) => heading),
    (text) => paint.dim(text),
  )
  const body = rows.flatMap((row, index) =>
    below(cells[index] ?? [], columns, widths).map((texts) =>
      line(texts, (text, at) => columns[at]?.paint?.(text, row) ?? text),
    ),
  )
  return [head, ...body].join('\n')
}

/** The lines of one row: as many as its longest wrapped cell has. */
function below<Row>(cells: readonly string[], columns: readonly Column<Row>[], widths: readonly number[]): string[][] {
  const wrapped = cells.map((text, at) => (columns[at]?.flexible === 'wrapped' ? wrap(text, widths[at] ?? 0) : [text]))
  const height = Math.max(...wrapped.map((lines) => lines.length))
  return Array.from({ length: height }, (_, n) => wrapped.map((lines) => lines[n] ?? ''))
}

function blocksOf<Row>(
  rows: readonly Row[],
  cells: readonly (readonly string[])[],
  columns: readonly Column<Row>[],
  { columns: room, paint }: { columns: number; paint: Screen['paint'] },
): string {
  const side = Math.max(...columns.map(({ heading }) => widthOf(heading)))
  const blocks = rows.map((row, index) =>
    columns.flatMap((column, at) => {
      const text = cells[index]?.[at] ?? ''
      if (text === '') return []
      return wrap(text, room - side - gap.length).map((line, below) => {
        const heading = padEnd(below === 0 ? column.heading : '', side)
        return `${paint.dim(heading)}${gap}${column.paint?.(line, row) ?? line}`
      })
    }),
  )
  return blocks.map((lines) => lines.join('\n')).join('\n\n')
}

/** Whether they fit then. */
function shrink<Row>(widths: number[], columns: readonly Column<Row>[], room: number): boolean {
  const total = (): number => widths.reduce((sum, width) => sum + width, 0) + gap.length * (widths.length - 1)
  while (total() > room) {
    let widest = -1
    for (const [at, width] of widths.entries()) {
      const flexible = columns[at]?.flexible
      if (flexible === undefined || width <= (flexible === 'wrapped' ? least.wrapped : least.cut)) continue
      if (width > (widths[widest] ?? 0)) widest = at
    }
    if (widest === -1) return false
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return true
}
