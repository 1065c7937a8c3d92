import { z } from 'zod'
import { defineTool } from '../tool.ts'

/** Works out an arithmetic expression. */
export const calculator = defineTool({
  name: 'calculator',
  description: 'Works out arithmetic: + - * / % ^ and parentheses, such as 2 * (3 + 4).',
  input: z.object({ expression: z.string().min(1).max(500) }),
  effect: 'read',
  run: ({ input }) => `${input.expression.trim()} = ${calculate(input.expression)}`,
})

/**
 * A function for each rule of the grammar, so that `-2^2` is -4 and `2^3^2` is 2^(3^2), as in mathematics:
 * `sum = product (± product)*`, `product = signed (×÷% signed)*`, `signed = - signed | power`,
 * `power = atom (^ signed)?`, `atom = ( sum ) | number`. Throws an error that names the place.
 */
export function calculate(expression: string): number {
  const text = expression.replaceAll('×', '*').replaceAll('÷', '/')
  let at = 0
  const value = sum(0)
  if (peek() !== '') throw unexpected()
  if (!Number.isFinite(value)) throw new Error('The result is not a finite number.')
  // 0.1 + 0.2 is 0.3 to the person who asks. Whole numbers are exact as they are, with up to 16 digits.
  return Number.isSafeInteger(value) ? value : Number(value.toPrecision(15))

  function sum(depth: number): number {
    let left = product(depth)
    for (;;) {
      if (take('+')) left += product(depth)
      else if (take('-')) left -= product(depth)
      else return left
    }
  }

  function product(depth: number): number {
    let left = signed(depth)
    for (;;) {
      if (take('*')) left *= signed(depth)
      else if (take('/')) left /= divisor(depth)
      else if (take('%')) left %= divisor(depth)
      else return left
    }
  }

  function divisor(depth: number): number {
    const right = signed(depth)
    if (right === 0) throw new Error('Division by zero.')
    return right
  }

  function signed(depth: number): number {
    if (depth > 100) throw new Error('The expression is nested too deeply.')
    return take('-') ? -signed(depth + 1) : power(depth)
  }

  function power(depth: number): number {
    const base = atom(depth)
    return take('^') ? base ** signed(depth + 1) : base
  }

  function atom(depth: number): number {
    if (take('(')) {
      const inner = sum(depth + 1)
      if (!take(')')) throw unexpected()
      return inner
    }
    const [number] = /^\d+(\.\d+)?|^\.\d+/.exec(text.slice(at)) ?? []
    if (number === undefined) throw unexpected()
    at += number.length
    return Number(number)
  }

  function peek(): string {
    while (/\s/.test(text[at] ?? '')) at++
    return text[at] ?? ''
  }

  function take(symbol: string): boolean {
    if (peek() !== symbol) return false
    at++
    peek()
    return true
  }

  function unexpected(): Error {
    const found = peek()
    return new Error(found === '' ? 'The expression ends too early.' : `Unexpected "${found}" at character ${at + 1}.`)
  }
}
