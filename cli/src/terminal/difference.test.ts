import colors from 'picocolors'
import type { ReleaseDocument } from 'asyncv/schemas'
import { expect, test } from 'vitest'
import { differenceOf } from '../release/difference.ts'
import { brief, drawConnectors, drawDifference } from './difference.ts'
import { widthOf } from './width.ts'

const plain = { columns: null, paint: colors.createColors(false) }

const saying = (instructions: string, more: object = {}): ReleaseDocument => ({
  schemaVersion: 1,
  agents: [{ name: 'helper', model: 'main/m', instructions, ...more }],
  routes: [],
  providers: {},
  connectors: {},
})

const drawn = (
  before: ReleaseDocument | null,
  after: ReleaseDocument,
  screen: Parameters<typeof drawDifference>[1] = plain,
) => drawDifference(differenceOf(before, after), screen)

test('short values stand in one line, and secrets by their names', () => {
  const before = {
    ...saying('Be brief.'),
    connectors: { tg: { type: 'telegram', options: { token: { $secret: 'A' } } } },
  }
  const after = {
    ...saying('Be kind.', { tools: ['time', 'calculator'] }),
    connectors: { tg: { type: 'telegram', options: { token: { $secret: 'B' } } } },
  }
  expect(drawn(before, after)).toBe(
    [
      '~ agent helper',
      '    instructions  Be brief. → Be kind.',
      '    tools  not set → time, calculator',
      '~ connector tg',
      '    options.token  secret A → secret B',
    ].join('\n'),
  )
  expect(brief(differenceOf(before, after))).toBe(
    '~ agent helper (instructions, tools), ~ connector tg (options.token)',
  )
})

const long = ['One.', 'Two.', 'Three.', 'Four.', 'Five.', 'Six.', 'Seven.', 'Eight.', 'Nine.']

test('of a long text the lines that change are shown, with two around them', () => {
  const changed = long.with(0, 'First.').with(8, 'Last.')
  expect(drawn(saying(long.join('\n')), saying(changed.join('\n')))).toBe(
    [
      '~ agent helper',
      '    instructions',
      '      - One.',
      '      + First.',
      '        Two.',
      '        Three.',
      '        …',
      '        Seven.',
      '        Eight.',
      '      - Nine.',
      '      + Last.',
    ].join('\n'),
  )
})

test('a long text in one line is compared sentence by sentence, in Chinese too', () => {
  const text =
    '你是一家小店的助手。请简短回答。不要承诺退款。回答时使用对方的语言，并且在需要的时候调用工具来查询订单和时间。请保持礼貌，遇到不确定的问题时请先询问，不要猜测。'
  const lines = drawn(saying(text), saying(text.replace('简短', '详细'))).split('\n')
  expect(lines).toContain('      - 请简短回答。')
  expect(lines).toContain('      + 请详细回答。')
})

test('in colour the words that change stand out; nothing is wider than the terminal', () => {
  const screen = { columns: 40, paint: colors.createColors(true) }
  const lines = drawn(
    saying('Be brief.\nBe calm.'),
    saying(`Be kind.\nBe calm.\n${'and more of it '.repeat(9)}`),
    screen,
  ).split('\n')
  expect(lines.find((line) => line.includes('+ Be'))).toContain(colors.createColors(true).bold('kind'))
  expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(40)
})

test('what others wrote does not steer the terminal', () => {
  expect(drawn(null, saying('red \u001b[31m alert\n\u001b]0;title\u0007', { model: 'main/\u001b[2Jm' }))).not.toContain(
    '\u001b',
  )
})

test('connectors are told by what becomes of them', () => {
  expect(drawConnectors({ kept: ['a', 'b'], restarted: ['c'], started: [], stopped: ['d'] })).toBe(
    '  stay connected    a, b\n  connect anew      c\n  are disconnected  d',
  )
})
