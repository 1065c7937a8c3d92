import { expect, test } from 'vitest'
import { differenceOf } from './item-difference.ts'

const before = {
  name: 'helper',
  model: ['main/m'],
  instructions: 'Be brief.',
  limits: { modelCalls: 3, 'a/b~': 1 },
  options: { apiKey: { $secret: 'A' } },
}

test('the same in another order of keys is no difference', () => {
  const { name, ...rest } = before
  expect(differenceOf(before, { ...rest, name })).toEqual([])
})

test('each field that differs is told at its pointer', () => {
  const after = {
    name: 'helper',
    model: ['main/m', 'main/n'],
    instructions: 'Be kind.',
    limits: { modelCalls: 3, 'a/b~': 2 },
    options: { apiKey: { $secret: 'B' } },
  }
  expect(differenceOf(before, after)).toEqual([
    { pointer: '/model', before: ['main/m'], after: ['main/m', 'main/n'] },
    { pointer: '/instructions', before: 'Be brief.', after: 'Be kind.' },
    { pointer: '/limits/a~1b~0', before: 1, after: 2 },
    { pointer: '/options/apiKey', before: { $secret: 'A' }, after: { $secret: 'B' } },
  ])
})

test('what has come and what has gone is told by its fields, without the side that has none', () => {
  expect(differenceOf({ limits: { wallMs: 5 } }, { other: { deep: { x: 1 } }, empty: {} })).toEqual([
    { pointer: '/other/deep/x', after: 1 },
    { pointer: '/empty', after: {} },
    { pointer: '/limits/wallMs', before: 5 },
  ])
})

test('an item that is new differs in each of its fields', () => {
  expect(differenceOf(undefined, { type: 'x', options: {} })).toEqual([
    { pointer: '/type', after: 'x' },
    { pointer: '/options', after: {} },
  ])
})

test('things with names are matched by them, wherever they stand', () => {
  const one = {
    list: [
      { name: 'a', x: 1 },
      { name: 'b', x: 2 },
      { name: 'c', x: 3 },
    ],
  }
  const other = {
    list: [
      { name: 'c', x: 4 },
      { name: 'a', x: 1 },
      { name: 'd', x: 5 },
    ],
  }
  expect(differenceOf(one, other)).toEqual([
    { pointer: '/list/0/x', before: 3, after: 4 },
    { pointer: '/list/2/name', after: 'd' },
    { pointer: '/list/2/x', after: 5 },
    { pointer: '/list/1/name', before: 'b' },
    { pointer: '/list/1/x', before: 2 },
  ])
})

test('named things in another order alone are one difference', () => {
  const [a, b] = [{ name: 'a' }, { name: 'b' }]
  expect(differenceOf([a, b], [b, a])).toEqual([{ pointer: '', before: [a, b], after: [b, a] }])
})

test.each<[string, unknown, unknown]>([
  ['a text that becomes an object', 'x', { x: 1 }],
  ['an object that becomes a list', { x: 1 }, ['x']],
  ['null and what is not there', null, undefined],
  ['a list that is emptied', ['a'], []],
  ['names that are there twice', [{ name: 'a', x: 1 }, { name: 'a' }], [{ name: 'a' }]],
])('%s is one difference', (_, one, other) => {
  const told = differenceOf(one, other)
  expect(told).toHaveLength(1)
  expect(told[0]).toMatchObject({ pointer: '' })
})

test('a key that reaches prototypes is a key like others', () => {
  const one = JSON.parse('{"__proto__":{"x":1}}') as unknown
  expect(differenceOf({}, one)).toEqual([{ pointer: '/__proto__/x', after: 1 }])
})
