import { expect, test } from 'vitest'
import { english, type Words } from '../../words/english.ts'
import { partLabel } from './part-label.ts'

test.each([
  ['/options/baseURL', 'Base address'],
  ['/options/headers/x-api-token', 'Headers › x-api-token'],
  ['/options/headers/token', 'Headers › token'],
  ['/options/allow/1', 'Who may write › 2'],
  ['/type', 'Type'],
])('%s is called %s', (pointer, called) => {
  expect(partLabel(pointer, english as Words)).toBe(called)
})
