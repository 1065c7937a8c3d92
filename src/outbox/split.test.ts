import { expect, test } from 'vitest'
import { splitText } from './split.ts'

test('leaves a text that fits as it is', () => {
  expect(splitText('hello', 16)).toEqual(['hello'])
})

test('fills a slice to the last unit', () => {
  expect(splitText('a'.repeat(40), 20)).toEqual(['a'.repeat(20), 'a'.repeat(20)])
})

test('makes no slice of a blank text', () => {
  expect(splitText(' \n\n ', 16)).toEqual([])
  expect(splitText(' '.repeat(100), 16)).toEqual([])
})

test('cuts between paragraphs rather than between lines', () => {
  expect(splitText(`${'a'.repeat(20)}\n\n${'b'.repeat(8)}\n${'c'.repeat(20)}`, 32)).toEqual([
    'a'.repeat(20),
    `${'b'.repeat(8)}\n${'c'.repeat(20)}`,
  ])
})

test('cuts between lines rather than between sentences', () => {
  expect(splitText('A line of text\nOne. Two is longer', 20)).toEqual(['A line of text', 'One. Two is longer'])
})

test('cuts between sentences rather than between words', () => {
  expect(splitText('The first one. The second', 20)).toEqual(['The first one.', 'The second'])
  expect(splitText('第一句话在这里。第二句话在那里。第三句', 16)).toEqual([
    '第一句话在这里。第二句话在那里。',
    '第三句',
  ])
})

test('cuts between words rather than inside one', () => {
  expect(splitText('alpha beta gamma delta', 16)).toEqual(['alpha beta gamma', 'delta'])
})

test('takes a boundary in the first half of a slice for none', () => {
  expect(splitText(`a\n\n${'b'.repeat(30)}`, 20)).toEqual([`a\n\n${'b'.repeat(17)}`, 'b'.repeat(13)])
})

test('keeps the indentation of the line after a cut', () => {
  expect(splitText(`- ${'a'.repeat(20)}\n  - nested`, 26)).toEqual([`- ${'a'.repeat(20)}`, '  - nested'])
})

test('never cuts a surrogate pair', () => {
  for (const slice of splitText('😀'.repeat(100), 17)) expect(slice).toMatch(/^(😀){1,8}$/u)
})

test('never cuts what a person sees as one character', () => {
  const family = '👨‍👩‍👧‍👦'
  for (const slice of splitText(family.repeat(20), 30)) expect(slice).toMatch(new RegExp(`^(${family}){1,2}$`, 'u'))
  for (const slice of splitText('e\u0301'.repeat(40), 17)) expect(slice).toMatch(/^(e\u0301){1,8}$/)
})

test('cuts inside a character when there is nothing else', () => {
  const slices = splitText(`e${'\u0301'.repeat(200)}`, 20)
  expect(slices.join('')).toBe(`e${'\u0301'.repeat(200)}`)
  expect(slices.every((slice) => slice.length <= 20)).toBe(true)
})

test('cuts before a code fence that fits one slice', () => {
  const fence = `\`\`\`ts\n${'x\n'.repeat(15)}\`\`\``
  expect(splitText(`${'a'.repeat(15)}\n${fence}`, 50)).toEqual(['a'.repeat(15), fence])
})

test('cuts behind a code fence rather than at a blank line inside it', () => {
  const fence = '```\nfirst paragraph\n\nsecond one\n```'
  expect(splitText(`${fence}\ntail ${'b'.repeat(20)}`, 50)).toEqual([fence, `tail ${'b'.repeat(20)}`])
})

test('closes a longer fence at the cut and opens it again with its language', () => {
  const lines = Array.from({ length: 20 }, (_, n) => `${' '.repeat(n % 3)}line ${n}`).join('\n')
  const slices = splitText(`\`\`\`ts\n${lines}\n\`\`\``, 60)
  expect(slices.length).toBeGreaterThan(1)
  for (const slice of slices) expect(slice).toMatch(/^```ts\n[\s\S]+\n```$/)
  expect(slices.map((slice) => slice.replace(/^```ts\n|\n```$/g, '')).join('\n')).toBe(lines)
})

test('opens no fence again when only its end is left', () => {
  expect(splitText(`\`\`\`\n${'x'.repeat(32)}\n\`\`\`\nafter`, 40)).toEqual([
    `\`\`\`\n${'x'.repeat(32)}\n\`\`\``,
    'after',
  ])
})

test('takes inline code with three backticks for no fence', () => {
  const line = `\`\`\`one\`\`\` ${'a'.repeat(16)}`
  expect(splitText(`${line}\nb\nc`, 28)).toEqual([`${line}\nb`, 'c'])
})

/** `check:long` asks for many more. */
const rounds = Number(process.env['FUZZ_ROUNDS'] ?? 500)

test('stays within the limit, balances fences and loses nothing, whatever the text', { timeout: 120_000 }, () => {
  const random = seeded(7)
  const words = ['word', 'longer-word', '。', '. ', '😀', '你好', ' ', '  - ', '👨‍👩‍👧', '\t', 'e\u0301', '`x`']
  const fences = ['```js', '```', '~~~', '  ````', '\t~~~ info']
  for (let round = 0; round < rounds; round++) {
    const lines = Array.from({ length: 1 + random(40) }, () => {
      const prose = `- ${Array.from({ length: random(16) }, () => words[random(words.length)]).join('')}`
      return [prose, prose, '', fences[random(fences.length)]][random(4)]
    })
    const text = lines.join('\n')
    const limit = 48 + random(60)
    const slices = splitText(text, limit)
    const told = JSON.stringify({ text, limit, slices })
    for (const [index, slice] of slices.entries()) {
      expect(slice.length, told).toBeLessThanOrEqual(limit)
      expect(slice.trim(), told).not.toBe('')
      expect(slice.isWellFormed(), told).toBe(true)
      // A text that never closes its last fence is none the better for us.
      if (index < slices.length - 1) expect(leftOpen(slice), told).toBe(false)
    }
    expect(withoutFences(slices.join('\n')), told).toBe(withoutFences(text))
  }
})

const fenceLine = /^\s*(`{3,}(?=[^`]*$)|~{3,})(.*)$/

function leftOpen(slice: string): boolean {
  let open = ''
  for (const line of slice.split('\n')) {
    const [, mark = '', info = ''] = fenceLine.exec(line) ?? []
    if (open === '') open = mark
    else if (mark.startsWith(open) && info.trim() === '') open = ''
  }
  return open !== ''
}

/** What has to survive: everything but white space and the lines that open and close fences. */
function withoutFences(text: string): string {
  return text
    .split('\n')
    .filter((line) => !fenceLine.test(line))
    .join('')
    .replace(/\s/g, '')
}

/** A small seeded generator (mulberry32), so that a failure can be run again. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
