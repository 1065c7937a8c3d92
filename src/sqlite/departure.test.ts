import { expect, test } from 'vitest'
import { waits } from './departure.ts'

test('a bus leaves at the end of its turn when the one before carried few', () => {
  expect(waits({ riders: 1, turns: 0 }, 0)).toBe(false)
  expect(waits({ riders: 1, turns: 0 }, 11)).toBe(false)
})

test('a bus waits when the one before carried many', () => {
  expect(waits({ riders: 1, turns: 0 }, 12)).toBe(true)
  expect(waits({ riders: 63, turns: 0 }, 64)).toBe(true)
})

test('a bus does not wait when it is full', () => {
  expect(waits({ riders: 64, turns: 0 }, 64)).toBe(false)
})

test('a bus waits for six turns at most', () => {
  expect(waits({ riders: 1, turns: 5 }, 64)).toBe(true)
  expect(waits({ riders: 1, turns: 6 }, 64)).toBe(false)
})
