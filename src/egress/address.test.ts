import { expect, test } from 'vitest'
import { isPublic } from './address.ts'
import { allowanceOf } from './allowance.ts'

test.each([
  '8.8.8.8',
  '1.1.1.1',
  '172.15.0.1',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '::ffff:8.8.8.8',
  '64:ff9b::808:808',
])('%s is public', (address) => {
  expect(isPublic(address)).toBe(true)
})

test.each([
  '127.0.0.1',
  '127.8.9.10',
  '0.0.0.0',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254', // where clouds keep their credentials
  '100.64.0.1',
  '192.0.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fe80::1',
  'fc00::1',
  'fd12:3456::1',
  'ff02::1',
  '2001:db8::1',
  '2001::1',
  '2002:7f00:1::',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '64:ff9b::7f00:1',
  '64:ff9b::a9fe:a9fe',
  'localhost',
  '',
])('%s is not', (address) => {
  expect(isPublic(address)).toBe(false)
})

test('an allow-list holds addresses, subnets and names', () => {
  const { name, address } = allowanceOf(['127.0.0.1', '10.0.0.0/8', 'fd00::/8', 'Intranet.Example', '*.corp.example'])
  expect(['127.0.0.1', '::ffff:127.0.0.1', '10.9.8.7', 'fd12::1', '8.8.8.8'].map(address)).toEqual(Array(5).fill(true))
  expect(['127.0.0.2', '11.0.0.1', '172.16.0.1', 'fc00::1'].map(address)).toEqual([false, true, false, false])
  expect(['intranet.example', 'a.corp.example', 'a.b.corp.example'].map(name)).toEqual([true, true, true])
  expect(['corp.example', 'evilcorp.example', 'x.intranet.example'].map(name)).toEqual([false, false, false])
  for (const wrong of ['', '10.0.0.0/33', 'http://a.example', 'a b', '*']) {
    expect(() => allowanceOf([wrong]), wrong).toThrow(/egress allow-list/)
  }
})
