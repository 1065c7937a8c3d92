import { expect, test } from 'vitest'
import { proxyOf, withProxies } from './proxy.ts'

const env = { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: '.internal' }
const proxies = { https: 'http://proxy:3128', noProxy: 'localhost,127.0.0.1,[::1],.internal' }

test('parts that say nothing about a proxy use the one of the environment', () => {
  const own = { type: 'openai', options: { proxy: 'http://other:1' } }
  const config = {
    providers: { main: { type: 'openai' }, own, made: { stream: 1 } },
    connectors: { tg: { type: 'telegram', options: { token: '1:t' } } },
  }
  expect(withProxies(config, env)).toEqual({
    providers: { main: { type: 'openai', options: { proxy: proxies } }, own, made: { stream: 1 } },
    connectors: { tg: { type: 'telegram', options: { token: '1:t', proxy: 'http://proxy:3128' } } },
  })
})

test.each(['http://127.0.0.1:8081', 'https://bots.internal', 'http://bots.example'])(
  'goes to %s without the proxy: it is here, excepted, or of another protocol',
  (apiRoot) => {
    const config = { connectors: { tg: { type: 'telegram', options: { apiRoot } } } }
    expect(withProxies(config, env)).toEqual(config)
  },
)

const telegramAt = (apiRoot: string) => ({ connectors: { tg: { type: 'telegram', options: { apiRoot } } } })

test.each([
  ['*', 'https://bots.example'],
  ['a.test, *', 'https://bots.example'],
  ['BOTS.Example', 'https://bots.example'],
  ['other.test bots.example', 'https://eu.bots.example'],
  ['.bots.example', 'https://bots.example'],
  ['*.bots.example', 'https://eu.bots.example'],
  ['bots.example:8443', 'https://bots.example:8443'],
  ['bots.example:443', 'https://bots.example'],
  ['2001:DB8:0::1', 'https://[2001:db8::1]'],
  ['[2001:db8::1]', 'https://[2001:db8::1]:8443'],
  ['[2001:db8::1]:8443', 'https://[2001:db8::1]:8443'],
  ['', 'https://[::1]:8443'],
])('NO_PROXY=%s excepts %s', (NO_PROXY, apiRoot) => {
  expect(withProxies(telegramAt(apiRoot), { ...env, NO_PROXY })).toEqual(telegramAt(apiRoot))
})

test.each([
  ['bots.example:8443', 'https://bots.example'],
  ['bots.example', 'https://notbots.example'],
  ['2001:db8::2', 'https://[2001:db8::1]'],
  ['[2001:db8::1]:8443', 'https://[2001:db8::1]'],
  [' ,,', 'https://bots.example'],
  ['fe80::1%eth0', 'https://bots.example'],
])('NO_PROXY=%s does not except %s', (NO_PROXY, apiRoot) => {
  const options = { apiRoot, proxy: 'http://proxy:3128' }
  expect(withProxies(telegramAt(apiRoot), { ...env, NO_PROXY })).toEqual({
    connectors: { tg: { type: 'telegram', options } },
  })
})

test('parts that look for themselves get a list that they understand', () => {
  const noProxyOf = (NO_PROXY: string) => proxyOf({ ...env, NO_PROXY })?.noProxy
  expect(noProxyOf('a.test *')).toBe('*') // only alone it is everything to undici
  expect(noProxyOf('fd00::1 a.test:1')).toBe('localhost,127.0.0.1,[::1],[fd00::1],a.test:1')
})

test.each([null, 'text', { providers: [] }, { connectors: { tg: null } }])('leaves %j for the check', (config) => {
  expect(withProxies(config, env)).toEqual(config)
})
