import { expect, test } from 'vitest'
import { searchText } from './-search-text.ts'

// As the router reads an address: "?search=123" is a number to it.
test.each([
  ['tea', 'tea'],
  [123, '123'],
  [true, 'true'],
  ['', undefined],
  [undefined, undefined],
  [{ a: 1 }, undefined],
])('%j in an address looks for %j', (given, said) => {
  expect(searchText.parse(given)).toBe(said)
})

test('what is longer than a search may be goes as far as that', () => {
  expect(searchText.parse('x'.repeat(10_000))).toBe('x'.repeat(200))
})
