import { expect, test } from 'vitest'
import { safeName } from './name.ts'

test.each([
  ['report.pdf', 'report.pdf'],
  ['Rechnung Nr. 7 (März).pdf', 'Rechnung Nr. 7 (März).pdf'],
  ['报告.pdf', '报告.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\me\\a.txt', 'a.txt'],
  ['.ssh', 'ssh'],
  ['a\r\nSet-Cookie: x.txt', 'aSet-Cookie_ x.txt'],
  ['exe.\u202Egpj', 'exe.gpj'],
  ['a"b<c>d|e?.txt', 'a_b_c_d_e_.txt'],
  ['CON', '_CON'],
  ['nul.txt', '_nul.txt'],
  ['  . ', 'file'],
  ['', 'file'],
  ['name. . ', 'name'],
  ['\ud800', '\ufffd'],
])('%j is kept as %j', (given, name) => {
  expect(safeName(given)).toBe(name)
})

test('a long name keeps its ending', () => {
  expect(safeName(`${'a'.repeat(1_000)}.pdf`)).toBe(`${'a'.repeat(196)}.pdf`)
  expect(safeName('😀'.repeat(500)).length).toBeLessThanOrEqual(200)
  expect(safeName('😀'.repeat(500)).isWellFormed()).toBe(true)
})
