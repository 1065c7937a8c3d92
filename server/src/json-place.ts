export interface Malformed {
  /** From 1. */
  line: number
  /** From 1, in UTF-16 units. */
  column: number
  expected: string
}

/**
 * Where a text stops being JSON (RFC 8259), or null when it does not. `JSON.parse` quotes the text instead of saying where,
 * and what callers write belongs in no error. Recursive: check the depth first.
 */
export function findMalformed(text: string): Malformed | null {
  let at = 0
  try {
    value()
    space()
    if (at < text.length) fail('the end')
    return null
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    const before = text.slice(0, at)
    const start = before.lastIndexOf('\n') + 1
    return { line: before.split('\n').length, column: at - start + 1, expected: error.expected }
  }

  function value(): void {
    space()
    const unit = text[at]
    if (unit === '{') list('}', pair)
    else if (unit === '[') list(']', value)
    else if (unit === '"') string()
    else if (!take(literal)) fail('a value')
  }

  function list(end: string, item: () => void): void {
    at++
    space()
    if (skip(end)) return
    do item()
    while (separator(end))
  }

  function separator(end: string): boolean {
    space()
    if (skip(',')) return true
    if (skip(end)) return false
    return fail(`"," or "${end}"`)
  }

  function pair(): void {
    space()
    if (text[at] !== '"') fail('a key in double quotes')
    string()
    space()
    if (!skip(':')) fail('":"')
    value()
  }

  function string(): void {
    at++
    for (;;) {
      take(plain)
      if (skip('"')) return
      if (at === text.length) fail('a closing quote')
      if (!take(escaped)) fail(text[at] === '\\' ? 'an escape that JSON has' : 'an escape for a control character')
    }
  }

  function space(): void {
    take(whitespace)
  }

  function skip(unit: string): boolean {
    if (text[at] !== unit) return false
    at++
    return true
  }

  function take(pattern: RegExp): boolean {
    pattern.lastIndex = at
    if (!pattern.test(text)) return false
    at = pattern.lastIndex
    return true
  }

  function fail(expected: string): never {
    throw new Stopped(expected)
  }
}

class Stopped extends Error {
  constructor(readonly expected: string) {
    super(expected)
  }
}

const whitespace = /[ \t\n\r]*/y
const literal = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these in a string
const plain = /[^"\\\u0000-\u001f]*/y
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
