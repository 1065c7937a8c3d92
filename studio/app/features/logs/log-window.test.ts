import { expect, test } from 'vitest'
import { firstFrom, placeOf, rowAt, rowHeight, topOf } from './log-window.ts'

test('each row is found again at its top and at its last pixel, whatever is open', () => {
  const open = [
    { at: 0, by: 40 },
    { at: 7, by: 300 },
    { at: 8, by: 12 },
  ]
  for (let at = 0; at < 20; at++) {
    expect(rowAt(topOf(at, open), open)).toBe(at)
    expect(rowAt(topOf(at + 1, open) - 1, open)).toBe(at)
  }
  expect(topOf(100_000, [])).toBe(100_000 * rowHeight)
})

test('rows are found by their numbers, also where some are missing', () => {
  const rows = [-2, -1, 0, 3, 9].map((n) => ({ n }))
  expect(rows.map(({ n }) => placeOf(n, rows))).toEqual([0, 1, 2, 3, 4])
  expect(placeOf(4, rows)).toBe(-1)
  expect(firstFrom(4, rows)).toBe(4)
  expect(firstFrom(10, rows)).toBe(5)
})
