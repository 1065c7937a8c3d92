import { expect, test } from 'vitest'
import { splitText } from './split.ts'

test('leaves a text that fits as it is', () => {
  expect(splitText('hello', 10)).toEqual(['hello'])
})

test('cuts between paragraphs rather than within them', () => {
  expect(splitText(`${'a'.repeat(30)}\n\n${'b'.repeat(30)}`, 40)).toEqual(['a'.repeat(30), 'b'.repeat(30)])
})

test('keeps a code fence whole when it fits one slice', () => {
  const fence = `\`\`\`ts\n${'x'.repeat(30)}\n\`\`\``
  expect(splitText(`${'a'.repeat(30)}\n${fence}`, 50)).toEqual(['a'.repeat(30), fence])
})

test('closes a longer fence at the cut and opens it again with its language', () => {
  const lines = Array.from({ length: 20 }, (_, n) => `line ${n}`).join('\n')
  const slices = splitText(`\`\`\`ts\n${lines}\n\`\`\``, 60)
  expect(slices.length).toBeGreaterThan(1)
  for (const slice of slices) expect(slice).toMatch(/^```ts\n[\s\S]+\n```$/)
  expect(slices.map((slice) => slice.replace(/^```ts\n|\n```$/g, '')).join('\n')).toBe(lines)
})

test('never cuts a surrogate pair', () => {
  for (const slice of splitText('😀'.repeat(100), 7)) expect(slice).toMatch(/^(😀)+$/u)
})

test('stays within the limit, loses no letter and leaves no slice empty, whatever the text', () => {
  const random = lcg(7)
  const pieces = ['word', 'longer-word', '\n', '\n\n', '。', '. ', '😀', '你好', '```js\n', '\n```\n', '~~~\n', ' ']
  for (let round = 0; round < 400; round++) {
    const text = Array.from({ length: 1 + random(120) }, () => pieces[random(pieces.length)]).join('')
    const limit = 24 + random(60)
    const slices = splitText(text, limit)
    for (const slice of slices) {
      expect(slice.length, JSON.stringify({ text, limit, slice })).toBeLessThanOrEqual(limit)
      expect(slice.trim()).not.toBe('')
    }
    // What the pieces are made of, fences and white space aside.
    const letters = (given: string): string => (given.match(/[wordlnge你好😀]/gu) ?? []).join('')
    expect(letters(slices.join(''))).toBe(letters(text))
  }
})

/** A small seeded generator, so that a failure can be run again. */
function lcg(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}
