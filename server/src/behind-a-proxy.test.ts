import { afterEach, expect, test, vi } from 'vitest'
import { counting, openService, problemOf, type Service } from './service.fixture.ts'
import type { ServerOptions } from './options.ts'
import { createServer } from './server.ts'

let service: Service
afterEach(() => service.close())

const open = async (options: ServerOptions): Promise<void> => {
  service = await openService({ assistant: counting() }, {}, options)
}
const agents = (headers: Record<string, string> = {}) => fetch(`${service.url}/v1/agents`, { headers })

test('without keys, what comes through a proxy is refused unless that is trusted and the client is on this machine', async () => {
  await open({})
  expect((await agents()).status).toBe(200)
  for (const headers of [
    { 'X-Forwarded-For': '203.0.113.9' },
    { Forwarded: 'for=203.0.113.9' },
    { 'X-Forwarded-For': '::1' },
  ]) {
    // Anybody can write ::1 there: who it is from is known of no proxy.
    const refused = await agents(headers as Record<string, string>)
    expect([await problemOf(refused), headers]).toMatchObject([{ status: 401, code: 'key_missing' }, headers])
  }
})

test.each([
  ['127.0.0.1', 200],
  ['203.0.113.9', 401],
  ['203.0.113.9, 127.0.0.1', 401],
  // The client wrote the first one itself; the proxy added whom it heard.
  ['127.0.0.1, 203.0.113.9', 401],
  ['127.0.0.1, 10.1.2.3', 200],
  ['127.0.0.1, 10.1.2.3, ::ffff:127.0.0.1', 200],
  ['nonsense', 401],
  ['', 200],
])('a trusted proxy that heard from %j gets %i', async (forwarded, status) => {
  await open({ trustProxy: ['127.0.0.1', '10.0.0.0/8'] })
  expect((await agents({ 'X-Forwarded-For': forwarded })).status).toBe(status)
})

test('a trusted proxy that names its client in a head that is not read here speaks for nobody', async () => {
  await open({ trustProxy: ['127.0.0.1'] })
  const forwarded = { Forwarded: 'for=203.0.113.9' }
  expect(await problemOf(await agents(forwarded))).toMatchObject({ status: 401, code: 'key_missing' })
  expect((await agents({ ...forwarded, 'X-Forwarded-For': '' })).status).toBe(401)
  expect((await agents({ ...forwarded, 'X-Forwarded-For': '127.0.0.1' })).status).toBe(200)
})

test('the host that a trusted proxy was asked for has to be allowed, and is where the service is', async () => {
  const forwarded = {
    'X-Forwarded-For': '203.0.113.9',
    'X-Forwarded-Host': 'assistant.example',
    'X-Forwarded-Proto': 'https',
  }
  await open({ trustProxy: ['127.0.0.1'] })
  expect((await agents(forwarded)).status).toBe(421)
  await service.close()
  await open({ trustProxy: ['127.0.0.1'], allowedHosts: ['assistant.example'] })
  const wellKnown = () => fetch(`${service.url}/.well-known/oauth-protected-resource`, { headers: forwarded })
  expect(await (await wellKnown()).json()).toMatchObject({ resource: 'https://assistant.example/mcp' })
  await service.close()
  await open({ allowedHosts: ['assistant.example'] })
  expect(await (await wellKnown()).json()).toMatchObject({ resource: `${service.url}/mcp` })
})

test('a proxy that is no address is refused with the place', async () => {
  await open({})
  for (const wrong of ['nginx', '10.0.0.0/33', '10.0.0.0/x', '10.0.0.0/', '10.0.0.0/8/8', '::1/129', '::1/', '']) {
    await expect(openService({ assistant: counting() }, {}, { trustProxy: [wrong] })).rejects.toThrow(
      `server.trustProxy has ${JSON.stringify(wrong)}`,
    )
  }
})

test('below a path everything is there, and nothing beside it', async () => {
  await open({ basePath: '/assistant' })
  expect(service.url).toMatch(/\/assistant$/)
  expect((await agents()).status).toBe(200)
  const accepted = await service.post('assistant', { text: 'hi' }, { Prefer: 'respond-async' })
  const { task } = (await accepted.json()) as { task: string }
  expect(accepted.headers.get('location')).toBe(`/assistant/v1/tasks/${task}`)
  const at = new URL(service.url).origin
  expect((await fetch(at + (accepted.headers.get('location') ?? ''))).status).toBe(200)
  const file = await fetch(`${service.url}/v1/files`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: 'x',
  })
  expect(file.headers.get('location')).toMatch(/^\/assistant\/v1\/files\//)
  for (const path of ['/v1/agents', '/assistantv1/agents', '/livez', '/', '/assistant']) {
    expect(await problemOf(await fetch(at + path))).toMatchObject({ status: 404, detail: `There is no ${path} here.` })
  }
  const document = (await (await fetch(`${service.url}/openapi.json`)).json()) as { servers: unknown }
  expect(document.servers).toMatchObject([{ url: '/assistant' }])
  const metadata = await fetch(`${service.url}/.well-known/oauth-protected-resource`)
  expect(await metadata.json()).toMatchObject({ resource: `${service.url}/mcp` })
  await expect(openService({ assistant: counting() }, {}, { basePath: 'assistant/' })).rejects.toThrow(
    /server\.basePath: .*"\/assistant"/,
  )
})

test('with keys, a proxy may speak for anybody who has one', async () => {
  await open({})
  const { key } = await service.asyncv.keys.create({ name: 'a', scopes: ['read'] })
  expect((await agents({ 'X-Forwarded-For': '203.0.113.9', Authorization: `Bearer ${key}` })).status).toBe(200)
  expect((await agents({ 'X-Forwarded-For': '203.0.113.9' })).status).toBe(401)
})

test('a server that takes over the ports of another says its own path', async () => {
  await open({ basePath: '/old' })
  const { asyncv, listening: runtime } = service
  const management = await service.management()
  const announce = vi.spyOn(asyncv, 'announce')
  createServer(asyncv, { basePath: '/new' }).adopt({ runtime, management })
  expect(announce).toHaveBeenCalledWith({ url: `${runtime.origin}/new`, management: management.url })
  expect((await fetch(`${runtime.origin}/new/livez`)).status).toBe(200)
  expect((await fetch(`${runtime.origin}/old/livez`)).status).toBe(404)
  await management.close()
})
