import { expect, test } from 'vitest'
import { withProxies } from './proxy.ts'

const env = { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: '.internal' }
const proxies = { https: 'http://proxy:3128', noProxy: 'localhost,127.0.0.1,::1,.internal' }

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

test.each([null, 'text', { providers: [] }, { connectors: { tg: null } }])('leaves %j for the check', (config) => {
  expect(withProxies(config, env)).toEqual(config)
})
