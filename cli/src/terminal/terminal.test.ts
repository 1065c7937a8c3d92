import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import colors from 'picocolors'
import { expect, test } from 'vitest'
import { clean, cleanLine } from './clean.ts'
import type { Screen } from './screen.ts'
import { type Column, tableOf } from './table.ts'
import { durationOf, momentFor } from './time.ts'
import { drawTimeline } from './timeline.ts'
import { fit, widthOf } from './width.ts'
import { wrap } from './wrap.ts'

const screenOf = (columns: number | null): Screen => ({ columns, paint: colors.createColors(false) })

/** How wide Node's own line editor takes a text to be. */
function judged(line: string): number {
  const editor = createInterface({ input: new PassThrough(), output: new PassThrough(), prompt: '', terminal: true })
  Object.assign(editor, { line, cursor: line.length })
  const { cols } = editor.getCursorPos()
  editor.close()
  return cols
}

test.each([
  'plain',
  '智能体',
  'かな カナ 한국어',
  'ｈａｌｆ ﾊﾝｶｸ',
  'café e\u0301',
  '🎉 ok ✓ · …',
  '，。！（）「」',
  '㈱ ㊗ ㍿ ︰ ⺀ ㄱ',
  '\u001b[31mred\u001b[0m',
  'Ünïcödé Ελ Жя',
])('%j is as wide as Node takes it to be', (text) => {
  expect(widthOf(text)).toBe(judged(text))
})

test('a family of joined emoji is one sign of two columns', () => {
  expect(widthOf('👨‍👩‍👧')).toBe(2)
  expect(fit('👨‍👩‍👧👨‍👩‍👧', 3)).toBe('👨‍👩‍👧…')
})

test('columns stand below each other where signs are wide', () => {
  const rows = [
    { name: '小明', text: 'x' },
    { name: 'Ada', text: 'y' },
  ]
  const columns = [
    { heading: '名称', cell: ({ name }: { name: string; text: string }) => name },
    { heading: 'T', cell: ({ text }: { name: string; text: string }) => text },
  ]
  expect(tableOf(rows, columns, screenOf(null))).toBe('名称  T\n小明  x\nAda   y')
})

test('a terminal’s table is cut to its width, ids never; a pipe’s is not cut', () => {
  const rows = [{ id: 'x'.repeat(30), text: '很'.repeat(40) }]
  const columns: Column<{ id: string; text: string }>[] = [
    { heading: 'ID', cell: ({ id }) => id },
    { heading: 'TEXT', cell: ({ text }) => text, flexible: true },
  ]
  const lines = tableOf(rows, columns, screenOf(60)).split('\n')
  expect(lines.map(widthOf).every((width) => width <= 60)).toBe(true)
  expect(lines[1]).toMatch(/^x{30} {2}很+…$/)
  expect(tableOf(rows, columns, screenOf(null))).toContain('很'.repeat(40))
})

test('what is to be read whole goes on below, in its column', () => {
  const columns: Column<{ id: string; text: string }>[] = [
    { heading: 'ID', cell: ({ id }) => id },
    { heading: 'TEXT', cell: ({ text }) => text, flexible: 'wrapped' },
    { heading: 'N', cell: () => '7', right: true },
  ]
  const rows = [
    { id: 'one', text: 'some words that are long' },
    { id: 'two', text: 'few' },
  ]
  expect(tableOf(rows, columns, screenOf(24)).split('\n')).toEqual([
    'ID   TEXT              N',
    'one  some words that   7',
    '     are long',
    'two  few               7',
  ])
  // Narrower than that it would be a column of single words.
  expect(tableOf(rows, columns, screenOf(23)).split('\n')[1]).toBe('TEXT  some words that')
  expect(tableOf(rows, columns, screenOf(null))).toContain('some words that are long  7')
})

test('a table that fits in no way is a block for each row', () => {
  const columns: Column<{ id: string; text: string }>[] = [
    { heading: 'ID', cell: ({ id }) => id },
    { heading: '说明', cell: ({ text }) => text, flexible: true },
  ]
  const rows = [
    { id: 'x'.repeat(20), text: 'one two three four' },
    { id: 'y'.repeat(20), text: '' },
  ]
  expect(tableOf(rows, columns, screenOf(26)).split('\n')).toEqual([
    `ID    ${'x'.repeat(20)}`,
    '说明  one two three four',
    '',
    `ID    ${'y'.repeat(20)}`,
  ])
})

test('text is wrapped between words, between wide signs, and not before a full stop of theirs', () => {
  expect(wrap('one two three', 8)).toEqual(['one two', 'three'])
  expect(wrap('一二三四五六七八', 10)).toEqual(['一二三四五', '六七八'])
  expect(wrap('一二三四五。六', 10)).toEqual(['一二三四', '五。六'])
  expect(wrap('一二三四。）', 10)).toEqual(['一二三', '四。）'])
  expect(wrap('。。。。。。', 8)).toEqual(['。。。。', '。。'])
  expect(wrap('abcdefgh。x', 8)).toEqual(['abcdefgh', '。x'])
  expect(wrap('abcdefghijklmnop', 8)).toEqual(['abcdefgh', 'ijklmnop'])
  expect(wrap('a streaming, placeholder, b', 10)).toEqual(['a', 'streaming,', 'placeholde', 'r, b'])
  expect(wrap('abcdefghijklmnop x', 8)).toEqual(['abcdefgh', 'ijklmnop', 'x'])
  expect(wrap('one two three', null)).toEqual(['one two three'])
})

test('what somebody else wrote moves no cursor, rings no bell and turns no text around', () => {
  expect(clean('a\u001b[2Jb\u001b]0;t\u0007c\rd\u0008e\u202ef\u009bg\nh')).toBe('abcdef\nh')
  expect(cleanLine('one\n  two\tthree')).toBe('one two  three')
})

test('a timeline counts from its first line, and ends with what is so now', () => {
  const lines = [
    { at: null, mark: 'open' as const, text: 'waits' },
    { at: 1_500, mark: 'good' as const, text: 'done', tookMs: 90_000, note: 'a note' },
    { at: 1_000, mark: 'fact' as const, text: 'begun' },
  ]
  expect(drawTimeline(lines, 'now', screenOf(null)).split('\n')).toEqual([
    '  +0 ms  ● begun',
    '+500 ms  ✓ done   1 min 30 s  a note',
    '    now  ○ waits',
  ])
})

test('a note goes below its line where that cuts no id in two', () => {
  const note = `task ${'x'.repeat(36)}`
  const drawn = drawTimeline([{ at: 0, mark: 'fact', text: 'queued and so on', note }], 'now', screenOf(60))
  expect(drawn).toBe(`+0 ms  ● queued and so on\n         ${note}`)
})

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [1_000, '1.0 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min 0 s'],
  [3_599_900, '1 h 0 min'],
  [90_000_000, '1 d 1 h'],
])('%d ms are %s', (ms, said) => {
  expect(durationOf(ms)).toBe(said)
})

test('a moment is short for a person and whole for a program', () => {
  const at = new Date(2026, 10, 30, 7, 5).getTime()
  expect(momentFor(at, screenOf(80), at)).toBe('11-30 07:05')
  expect(momentFor(at, screenOf(80), at + 366 * 86_400_000)).toBe('2026-11-30')
  expect(momentFor(at, screenOf(null))).toBe(new Date(at).toISOString())
  for (const columns of [80, null]) expect(momentFor(9e15, screenOf(columns))).toBe('9000000000000000')
})
