import { expect, test } from 'vitest'
import { waits } from './departure.ts'

test('a bus leaves at the end of its turn when the one before carried few', () => {
  expect(waits({ riders: 1, turns: 0 }, 0)).toBe(false)
  expect(waits({ riders: 1, turns: 0 }, 11)).toBe(false)
})

test('a bus waits when the one before carried many', () => {
  expect(waits({ riders: 1, turns: 0 }, 12)).toBe(true)
  expect(waits({ riders: 31, turns: 0 }, 64)).toBe(true)
})

test('a bus does not wait when it is well filled', () => {
  expect(waits({ riders: 32, turns: 0 }, 64)).toBe(false)
})

test('a bus waits for three turns at most', () => {
  expect(waits({ riders: 1, turns: 2 }, 64)).toBe(true)
  expect(waits({ riders: 1, turns: 3 }, 64)).toBe(false)
})
