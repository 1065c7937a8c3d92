import { expect, test } from 'vitest'
import { findMalformed } from './json-place.ts'

test.each([
  ['', 1, 1, 'a value'],
  ['{"text": }', 1, 10, 'a value'],
  ['{"text": "hi",}', 1, 15, 'a key in double quotes'],
  ['{"text" "hi"}', 1, 9, '":"'],
  ["{'text': 1}", 1, 2, 'a key in double quotes'],
  ['{\n  "text": "hi"\n  "session": 1\n}', 3, 3, '"," or "}"'],
  ['[1 2]', 1, 4, '"," or "]"'],
  ['"abc', 1, 5, 'a closing quote'],
  ['"a\\x"', 1, 3, 'an escape that JSON has'],
  ['"a\nb"', 1, 3, 'an escape for a control character'],
  ['{} x', 1, 4, 'the end'],
  ['01', 1, 2, 'the end'],
])('%j stops being JSON at %i:%i, where %s should be', (text, line, column, expected) => {
  expect(findMalformed(text)).toEqual({ line, column, expected })
})

test('agrees with JSON.parse on texts with one unit changed', () => {
  const whole = '{"a":[1,-2.5e+3,true,null,"x\\n\\u00e9"],"b":{"c":"","d":{}}, "e" : [ ] }'
  const units = ['', '"', '\\', '{', ']', ',', ':', '0', '-', '.', 'e', 't', ' ', '\n']
  for (let at = 0; at < whole.length; at++) {
    for (const unit of units) {
      const text = whole.slice(0, at) + unit + whole.slice(at + 1)
      expect([text, findMalformed(text) === null]).toEqual([text, isJson(text)])
    }
  }
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
