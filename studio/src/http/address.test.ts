import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { addressOf } from './address.ts'
import { readProxies } from './proxies.ts'

async function seen(trusted: string[], remoteAddress: string, forwarded?: string): Promise<string> {
  const isProxy = readProxies(trusted)
  const app = new Hono().get('/', (c) => c.text(String(addressOf(c, isProxy))))
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  return (await app.request('/', { headers }, { incoming: { socket: { remoteAddress } } })).text()
}

test.each([
  ['nobody is trusted', [], '192.0.2.9', '198.51.100.1', '192.0.2.9'],
  ['somebody else is trusted', ['10.0.0.0/8'], '192.0.2.9', '198.51.100.1', '192.0.2.9'],
  ['the proxy is trusted', ['10.0.0.0/8'], '10.1.2.3', '198.51.100.1', '198.51.100.1'],
  ['the proxy is trusted, in IPv6', ['::1'], '::1', '2001:db8::1', '2001:db8::1'],
  ['IPv4 is written as IPv6', ['127.0.0.1'], '::ffff:127.0.0.1', '::ffff:198.51.100.1', '198.51.100.1'],
  ['the client lies to it', ['10.0.0.1'], '10.0.0.1', '203.0.113.66, 198.51.100.1', '198.51.100.1'],
  ['two proxies are trusted', ['10.0.0.1', '10.0.0.2'], '10.0.0.1', '198.51.100.1, 10.0.0.2', '198.51.100.1'],
  ['only proxies are named', ['10.0.0.0/8'], '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
  ['the proxy says nothing', ['10.0.0.1'], '10.0.0.1', undefined, '10.0.0.1'],
  ['the proxy says no address', ['10.0.0.1'], '10.0.0.1', 'unknown', 'unknown'],
])('where %s, it is the one that can be known', async (_, trusted, peer, forwarded, expected) => {
  expect(await seen(trusted, peer, forwarded)).toBe(expected)
})

test.each(['proxy.example', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/8/8', '::1/129', ''])('%j is no proxy', (entry) => {
  expect(() => readProxies([entry])).toThrow(/is no address/)
})
