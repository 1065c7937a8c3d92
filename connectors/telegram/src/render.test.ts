import { describe, expect, test } from 'vitest'
import { render } from './render.ts'

describe.each([
  ['leaves plain text alone', 'Hello, *world', 'Hello, *world', ''],
  [
    'shows styles',
    '**bold** *italic* ~~gone~~ `code`',
    'bold italic gone code',
    'bold=bold italic=italic strikethrough=gone code=code',
  ],
  ['shows styles in styles', '**bold *and italic***', 'bold and italic', 'bold=bold and italic italic=and italic'],
  ['parts a style at code, which takes none', '**a `b` c**', 'a b c', 'bold=a  code=b bold= c'],
  ['nests no style in itself', '# A **big** title', 'A big title', 'bold=A big title'],
  ['leaves markup in code alone', '`**x**`', '**x**', 'code=**x**'],
  ['shows escaped marks', '\\*not bold\\*', '*not bold*', ''],
  ['decodes character references', 'a &lt; b &amp; &#x1F600;', 'a < b & 😀', ''],
  ['keeps angle brackets', 'List<String> & <b>no html</b>', 'List<String> & <b>no html</b>', ''],
  ['counts in UTF-16 units', '😀 **bold** 👨‍👩‍👧 *x*', '😀 bold 👨‍👩‍👧 x', 'bold=bold italic=x'],
  [
    'shows a fence with its language',
    'See:\n\n```ts\nlet a = 1\n\nlet b\n```\n\nDone',
    'See:\n\nlet a = 1\n\nlet b\n\nDone',
    'pre:ts=let a = 1\n\nlet b',
  ],
  ['shows a fence that is still being written', '```py\nprint(', 'print(', 'pre:py=print('],
  ['keeps a list below its line', 'Items:\n- a\n- b', 'Items:\n• a\n• b', ''],
  ['indents lists in lists', '- a\n  - b\n    - c\n- d', '• a\n\u2003• b\n\u2003\u2003• c\n• d', ''],
  ['keeps numbers', '3. a\n4. b', '3. a\n4. b', ''],
  ['counts items that all say one', '1. a\n1. b', '1. a\n2. b', ''],
  ['shows tasks', '- [x] done\n- [ ] open', '☑ done\n☐ open', ''],
  ['keeps the lines of a paragraph', 'a\nb  \nc<br>d', 'a\nb\nc\nd', ''],
  ['shows a rule', 'a\n\n---\n\nb', 'a\n\n———\n\nb', ''],
  ['shows a quote, and the quote in it as part of it', '> a\n> > b\n\nc', 'a\nb\n\nc', 'blockquote=a\nb'],
  [
    'shows a table as it is written',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    'pre=| a | b |\n|---|---|\n| 1 | 2 |',
  ],
  ['makes links', '[docs](https://a.b/?x=1&amp;y=2)', 'docs', 'text_link:https://a.b/?x=1&y=2=docs'],
  ['makes a link of code', '[`f`](https://a.b)', 'f', 'text_link:https://a.b=f'],
  ['leaves bare addresses to Telegram', 'https://a.b <https://c.d> e@f.gh', 'https://a.b https://c.d e@f.gh', ''],
  [
    'writes out what Telegram cannot open',
    '[file](./a.txt) [x](javascript:alert)',
    'file (./a.txt) x (javascript:alert)',
    '',
  ],
  [
    'makes a link of an image',
    '![a cat](https://a.b/c.png) ![](https://a.b)',
    'a cat https://a.b',
    'text_link:https://a.b/c.png=a cat',
  ],
  ['shows a lone link definition as it is', '[x]: https://a.b', '[x]: https://a.b', ''],
  ['ends no style in white space', '```\ncode  \n```', 'code', 'pre=code'],
])('%s', (_what, source, text, entities) => {
  test(JSON.stringify(source), () => {
    const rendered = render(source)
    expect(rendered.text).toBe(text)
    const shown = rendered.entities.map(({ type, url, language, offset, length }) => {
      const detail = url ?? language
      return `${type}${detail === undefined ? '' : `:${detail}`}=${rendered.text.slice(offset, offset + length)}`
    })
    expect(shown.join(' ')).toBe(entities)
  })
})

test('shows as plain text what would grow', () => {
  const tabs = '- a\n\n\t\t\tcode in a list'
  expect(render(`10. \t\tx`).text.length).toBeLessThanOrEqual('10. \t\tx'.length)
  expect(render(tabs).text.length).toBeLessThanOrEqual(tabs.length)
})

test('survives markup that is nested without end', () => {
  for (const mark of ['>', '- ', '*', '[', '`', '**a ', '|a', '![']) {
    const source = mark.repeat(4_096 / mark.length)
    expect(render(source).text.length).toBeLessThanOrEqual(4_096)
  }
})

/** `check:long` asks for many more. */
const rounds = Number(process.env['FUZZ_ROUNDS'] ?? 2_000)

test('never grows a text, nor marks what is not there', { timeout: 120_000 }, () => {
  const pieces =
    'word |**|*|_|`|```|\n|\n\n|- |1. |10. |> |# |  |\t|[|](|http://a.b|)|<|>|&amp;|\\|¦|¦-¦|---|~~|![|😀|x|    |+ |[x] |<br>|: |[a]: |[a][a]|www.a.b|=|&#65;'
      .split('|')
      .map((piece) => piece.replaceAll('¦', '|'))
  const random = seeded(11)
  for (let round = 0; round < rounds; round++) {
    const source = Array.from({ length: 1 + random(30) }, () => pieces[random(pieces.length)]).join('')
    const { text, entities } = render(source)
    expect(text.length, JSON.stringify(source)).toBeLessThanOrEqual(source.length)
    for (const { offset, length } of entities) {
      expect(length, JSON.stringify(source)).toBeGreaterThan(0)
      expect(offset + length, JSON.stringify(source)).toBeLessThanOrEqual(text.length)
    }
  }
})

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
