import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { createEgress, type Egress, type EgressOptions, type Lookup } from './egress.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

interface Seen {
  method: string | undefined
  url: string | undefined
  headers: IncomingMessage['headers']
  body: string
}

async function site(answer: (request: Seen, response: ServerResponse) => void) {
  const seen: Seen[] = []
  const server: Server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const { method, url, headers } = request
    seen.push({ method, url, headers, body })
    answer({ method, url, headers, body }, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(
    () => server.close(),
    () => server.closeAllConnections(),
  )
  return { seen, port: (server.address() as AddressInfo).port }
}

function egress(options: EgressOptions = {}): Egress {
  const made = createEgress(options)
  closing.push(() => made.close())
  return made
}

/** Names as an attacker’s server tells them: each time the next address. */
function telling(...addresses: string[]): Lookup & { asked: string[] } {
  const asked: string[] = []
  const lookup: Lookup = (hostname, _, callback) => {
    asked.push(hostname)
    const address = addresses[Math.min(asked.length, addresses.length) - 1] ?? ''
    callback(null, [{ address, family: address.includes(':') ? 6 : 4 }])
  }
  return Object.assign(lookup, { asked })
}

test.each([
  ['http://127.0.0.1:PORT/'],
  ['http://localhost:PORT/'],
  ['http://2130706433:PORT/'],
  ['http://0x7f.1:PORT/'],
  ['http://0177.0.0.1:PORT/'],
  ['http://[::1]:PORT/'],
  ['http://[::ffff:127.0.0.1]:PORT/'],
  ['http://127.0.0.1.:PORT/'],
  ['http://169.254.169.254/latest/meta-data/'],
  ['http://user:password@127.0.0.1:PORT/'],
  ['file:///etc/passwd'],
  ['ftp://127.0.0.1:PORT/'],
  ['nonsense'],
])('%s is refused, and nothing is asked there', async (url) => {
  const { seen, port } = await site((_, response) => response.end('secret'))
  await expect(egress().fetch(url.replace('PORT', String(port)))).rejects.toMatchObject({ code: 'egress_refused' })
  expect(seen).toEqual([])
})

test('reaches what the operator allows, by address or by name', async () => {
  const { port } = await site((_, response) => response.end('hello'))
  for (const [allow, host] of [
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.0/8', '127.0.0.1'],
    ['localhost', 'localhost'],
  ] as const) {
    const response = await egress({ allow: [allow] }).fetch(`http://${host}:${port}/`)
    expect([response.status, await response.text()]).toEqual([200, 'hello'])
  }
})

test('a name that leads to a private address is refused; of several, those are passed over', async () => {
  const { seen, port } = await site((_, response) => response.end('hello'))
  const rebound = egress({ lookup: telling('127.0.0.1') })
  await expect(rebound.fetch(`http://evil.example:${port}/`)).rejects.toMatchObject({
    code: 'egress_refused',
    message: 'evil.example leads to no public address.',
  })
  const both: Lookup = (_, __, callback) => {
    callback(null, [
      { address: '10.255.255.1', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ])
  }
  expect(seen).toEqual([])
  const response = await egress({ lookup: both, allow: ['127.0.0.1'] }).fetch(`http://evil.example:${port}/`)
  expect(await response.text()).toBe('hello')
})

test('the connection goes to the address that was checked: the name is looked up once', async () => {
  const { port } = await site((_, response) => response.end('hello'))
  const lookup = telling('127.0.0.1', '127.0.0.2')
  const response = await egress({ lookup, allow: ['127.0.0.1'] }).fetch(`http://site.example:${port}/`)
  expect([await response.text(), lookup.asked]).toEqual(['hello', ['site.example']])
})

test('a redirect is checked like the first address', async () => {
  const inner = await site((_, response) => response.end('secret'))
  const outer = await site((_, response) => {
    response.writeHead(302, { location: `http://127.0.0.2:${inner.port}/` }).end()
  })
  const asked = egress({ allow: ['127.0.0.1'] }).fetch(`http://127.0.0.1:${outer.port}/`)
  await expect(asked).rejects.toMatchObject({ code: 'egress_refused' })
  expect(inner.seen).toEqual([])
  const loop = await site((_, response) => response.writeHead(302, { location: '/' }).end())
  const lost = egress({ allow: ['127.0.0.1'], maxRedirects: 3 }).fetch(`http://127.0.0.1:${loop.port}/`)
  await expect(lost).rejects.toThrow('redirects more than 3 times')
  expect(loop.seen).toHaveLength(4)
})

test('credentials stay with their origin, whatever they are called', async () => {
  const other = await site((_, response) => response.end('there'))
  const first = await site(({ url }, response) => {
    if (url === '/') response.writeHead(307, { location: '/again' }).end()
    else response.writeHead(307, { location: `http://127.0.0.1:${other.port}/` }).end()
  })
  const headers = {
    Authorization: 'Bearer x',
    Cookie: 'a=b',
    'X-Api-Key': 'k',
    Accept: 'text/plain',
    'Content-Type': 'a/b',
  }
  const request = { method: 'POST', headers, body: 'hello' }
  const response = await egress({ allow: ['127.0.0.1'] }).fetch(`http://127.0.0.1:${first.port}/`, request)
  expect(await response.text()).toBe('there')
  expect(first.seen[1]).toMatchObject({ method: 'POST', headers: { authorization: 'Bearer x', 'x-api-key': 'k' } })
  expect(other.seen[0]).toMatchObject({
    method: 'POST',
    body: 'hello',
    headers: { accept: 'text/plain', 'content-type': 'a/b' },
  })
  for (const name of ['authorization', 'cookie', 'x-api-key']) expect(other.seen[0]?.headers).not.toHaveProperty(name)
})

test('what was sent is looked at by GET after a 303, and without its body', async () => {
  const { seen, port } = await site(({ url }, response) => {
    if (url === '/') response.writeHead(303, { location: '/made' }).end()
    else response.end('made')
  })
  const request = { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: 'x' }
  await egress({ allow: ['127.0.0.1'] }).fetch(`http://127.0.0.1:${port}/`, request)
  expect(seen[1]).toMatchObject({ method: 'GET', body: '' })
  expect(seen[1]?.headers).not.toHaveProperty('content-type')
})

test('an answer that is too large is cut, also one that was packed small, and one that never ends in time', async () => {
  const bomb = gzipSync(Buffer.alloc(5_000_000))
  const { port } = await site(({ url }, response) => {
    if (url === '/bomb') response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    else response.write('and so on')
  })
  const small = egress({ allow: ['127.0.0.1'], maxBytes: 1_000_000, timeoutMs: 500 })
  const response = await small.fetch(`http://127.0.0.1:${port}/bomb`)
  await expect(response.text()).rejects.toMatchObject({ code: 'egress_refused' })
  const endless = await small.fetch(`http://127.0.0.1:${port}/`)
  await expect(endless.text()).rejects.toThrow(/timeout/)
})
