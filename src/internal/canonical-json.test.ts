import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from './canonical-json.ts'

test('the example of RFC 8785, section 3.2.2, becomes the text of section 3.2.3', () => {
  const example = JSON.parse(`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
    "literals": [null, true, false]
  }`) as unknown
  expect(canonicalJson(example)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
})

test('keys are sorted by UTF-16 code units, as in the example of RFC 8785, section 3.2.3', () => {
  const keys = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 }
  expect(canonicalJson(keys)).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}')
})

/** Appendix B: the bits of a double, and its text. */
test.each([
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
])('the number %s of RFC 8785, appendix B, is %s', (bits, expected) => {
  expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(expected)
})

test.each([
  ['NaN', Number.NaN],
  ['an infinite number', [Number.POSITIVE_INFINITY]],
  ['half of a surrogate pair', { text: '\ud800' }],
  ['half of a pair as a key', { '\udead': 1 }],
  ['a function', { run: () => 1 }],
  ['undefined in a list', [undefined]],
  ['a hole in a list', new Array(2)],
  ['a date', { at: new Date(0) }],
  ['a map', new Map([['a', 1]])],
  ['a bigint', 1n],
])('%s has no canonical form', (_, value) => {
  expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: 'input_invalid' }))
})

test('what nests without end is refused before the stack ends', () => {
  let value: unknown = 1
  for (let depth = 0; depth < 100_000; depth++) value = [value]
  expect(() => canonicalJson(value)).toThrow('levels deep')
})

/** JSON as it comes in, halves of surrogate pairs left out. */
const json = fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 })

test('the text means the value, and is the same for what was written differently', () => {
  fc.assert(
    fc.property(json, (value) => {
      const plain = JSON.parse(JSON.stringify(value)) as unknown
      const text = canonicalJson(plain)
      expect(JSON.parse(text)).toEqual(plain)
      expect(canonicalJson(JSON.parse(text))).toBe(text)
    }),
  )
})

test('the order in which keys were written changes nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.double({ noNaN: true, noDefaultInfinity: true }))),
      (pairs) => {
        const unique = [...new Map(pairs)]
        const forwards = Object.fromEntries(unique)
        const backwards = Object.fromEntries([...unique].reverse())
        expect(canonicalJson(backwards)).toBe(canonicalJson(forwards))
      },
    ),
  )
})
