import { expect, test } from 'vitest'
import { calculate, calculator } from './calculator.ts'

test.each([
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['10 - 4 - 3', 3],
  ['100 / 10 / 5', 2],
  ['2 ^ 3 ^ 2', 512],
  ['-2 ^ 2', -4],
  ['(-2) ^ 2', 4],
  ['2 ^ -1', 0.5],
  ['2 - -3', 5],
  ['17 % 5', 2],
  ['6 × 7 ÷ 2', 21],
  ['.5 + 1.25', 1.75],
  ['0.1 + 0.2', 0.3],
  ['90000001 * 90000001', 8_100_000_180_000_001],
  ['  ( ( 7 ) )  ', 7],
])('%s is %d', (expression, value) => {
  expect(calculate(expression)).toBe(value)
})

test.each([
  ['', 'The expression ends too early.'],
  ['1 +', 'The expression ends too early.'],
  ['(1 + 2', 'The expression ends too early.'],
  ['1 + 2)', 'Unexpected ")" at character 6.'],
  ['2 * x', 'Unexpected "x" at character 5.'],
  ['1 2', 'Unexpected "2" at character 3.'],
  ['1.2.3', 'Unexpected "." at character 4.'],
  ['process.exit(1)', 'Unexpected "p" at character 1.'],
  ['1 / (3 - 3)', 'Division by zero.'],
  ['5 % 0', 'Division by zero.'],
  ['9 ^ 999', 'The result is not a finite number.'],
  ['(-8) ^ .5', 'The result is not a finite number.'],
  [`${'('.repeat(250)}1`, 'The expression is nested too deeply.'],
  [`${'-'.repeat(400)}1`, 'The expression is nested too deeply.'],
])('%s is refused: %s', (expression, message) => {
  expect(() => calculate(expression)).toThrow(message)
})

test('an expression of more than 500 characters is no input', async () => {
  const checked = await calculator.input['~standard'].validate({ expression: `${'1+'.repeat(250)}1` })
  expect(checked.issues?.[0]?.path).toEqual(['expression'])
})
