import { expect, test } from 'vitest'
import { readIntent } from './intent.ts'

test.each([
  ['What is 6 * 7?', ['6 * 7']],
  ['2*(3+4) and then 10 / 4.', ['2*(3+4)', '10 / 4']],
  ['我想知道 3 × 4 是多少', ['3 × 4']],
  ['Compute (1 + 2) * 3 please', ['(1 + 2) * 3']],
  ['the product (which is 6 * 7) is famous', ['6 * 7']],
  ['-5 + 3', ['-5 + 3']],
  ['2 ^ -1', ['2 ^ -1']],
])('finds the sums of %j', (text, sums) => {
  expect(readIntent(text).sums).toEqual(sums)
})

test.each(['I am 42.', '3 - see page', '2024-01-02', '1/2/2024', 'version 1.2.3', '1. first 2. second', 'a - b'])(
  'finds no sum in %j',
  (text) => {
    expect(readIntent(text).sums).toEqual([])
  },
)

test.each(['What time is it?', "today's date", '现在几点了', '今天是什么日子'])('%j asks for the time', (text) => {
  expect(readIntent(text).times).toEqual([{}])
})

test('sometimes nobody asks for the time', () => {
  expect(readIntent('He sometimes updates it in Asia/Tokyo').times).toEqual([])
})

test('zones that are named are asked for, each once', () => {
  expect(readIntent('The time in Asia/Tokyo, Europe/Paris and Asia/Tokyo?').times).toEqual([
    { timeZone: 'Asia/Tokyo' },
    { timeZone: 'Europe/Paris' },
  ])
})

test('takes only the first of many sums', () => {
  expect(readIntent('1+1, '.repeat(1_000)).sums).toHaveLength(8)
})

// Short enough that what takes the square of its length fails here, and does not go on until somebody ends it.
test.each(['1', '-', '(', ' ', '1+', '(1', 'A/', '1-('])('reads a long text of %j in no time', (piece) => {
  const text = `${piece.repeat(60_000 / piece.length)}5`
  const before = process.cpuUsage()
  readIntent(text)
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1_000).toBeLessThan(500)
})
