/** Which rows are in view, where all are as high except for a few that are open. */

/** px; a closed row. */
export const rowHeight = 28

/** How much higher an open row is than a closed one, px; by its place, in order. */
export interface Taller {
  at: number
  by: number
}

/** px from the top. */
export function topOf(at: number, open: readonly Taller[]): number {
  let top = at * rowHeight
  for (const one of open) {
    if (one.at >= at) break
    top += one.by
  }
  return top
}

/** The row that is at `px` from the top. */
export function rowAt(px: number, open: readonly Taller[]): number {
  let before = 0
  for (const { at, by } of open) {
    const end = at * rowHeight + before + rowHeight + by
    if (px < at * rowHeight + before) break
    if (px < end) return at
    before += by
  }
  return Math.max(0, Math.floor((px - before) / rowHeight))
}

/** The place of the row with this number, in rows whose numbers grow; -1 when it is not there. */
export function placeOf(n: number, rows: readonly { n: number }[]): number {
  const at = firstFrom(n, rows)
  return rows[at]?.n === n ? at : -1
}

/** The place of the first row with this number or a greater one; as many as there are, if there is none. */
export function firstFrom(n: number, rows: readonly { n: number }[]): number {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle]?.n ?? 0) < n) low = middle + 1
    else high = middle
  }
  return low
}
