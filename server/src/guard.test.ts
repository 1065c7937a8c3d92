import { createAsyncv } from 'asyncv'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServer } from './server.ts'
import { counting, openService, type Service } from './service.fixture.ts'

let service: Service
beforeAll(async () => {
  const options = { allowedHosts: ['assistant.internal'], allowedOrigins: ['https://app.example/'] }
  service = await openService({ assistant: counting() }, {}, options)
})
afterAll(() => service.close())

/** fetch does not let us lie about the host. */
async function statusOf(...headers: string[]): Promise<number> {
  const answer = await service.raw(`GET /livez HTTP/1.1\r\n${headers.join('\r\n')}\r\nConnection: close\r\n\r\n`)
  return Number(answer.split(' ')[1])
}

test.each([
  ['localhost', 200],
  ['localhost:7400', 200],
  ['LOCALHOST:7400', 200],
  ['127.0.0.1', 200],
  ['127.8.9.10:80', 200],
  ['[::1]:7400', 200],
  ['assistant.internal', 200],
  ['assistant.internal:443', 200],
  ['Assistant.Internal', 200],
  ['evil.example', 421],
  ['localhost.evil.example', 421],
  ['127.0.0.1.evil.example', 421],
  ['evil.example:127.0.0.1', 400],
  ['localhost@evil.example', 400],
  ['10.0.0.1', 421],
  ['0.0.0.0', 421],
  ['2130706433', 421],
  ['', 400],
])('the host %s gets %i: a rebound name does not get in', async (host, status) => {
  expect(await statusOf(`Host: ${host}`)).toBe(status)
})

test.each([
  ['http://localhost:7400', 200],
  ['https://app.example', 200],
  ['http://localhost:5173', 403],
  ['http://localhost', 403],
  ['https://evil.example', 403],
  ['https://app.example.evil.example', 403],
  ['http://app.example', 403],
  ['null', 403],
  ['nonsense', 403],
])('a page of %s gets %i', async (origin, status) => {
  expect(await statusOf('Host: localhost:7400', `Origin: ${origin}`)).toBe(status)
})

test('a foreign page cannot make a simple request do anything', async () => {
  const response = await service.post('assistant', { text: 'hi' }, { Origin: 'https://evil.example' })
  expect(response.status).toBe(403)
  expect((await service.post('assistant', '{"text":"hi"}', { 'Content-Type': 'text/plain' })).status).toBe(415)
  expect((await service.asyncv.tasks()).data).toEqual([])
})

test('an allowed page may ask first, send, and read the answer, also that of a problem', async () => {
  const Origin = 'https://app.example'
  const preflight = await fetch(`${service.url}/v1/agents/assistant/messages`, {
    method: 'OPTIONS',
    headers: { Origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' },
  })
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('access-control-allow-methods')).toContain('POST')
  expect(preflight.headers.get('access-control-allow-headers')).toContain('Idempotency-Key')
  for (const body of [{ text: 'hi' }, { text: 7 }]) {
    const response = await service.post('assistant', body, { Origin })
    expect(response.headers.get('access-control-allow-origin')).toBe(Origin)
    expect(response.headers.get('vary')).toBe('Origin')
  }
})

test('what is no origin is refused when the service is made', () => {
  const asyncv = createAsyncv({ providers: {}, agents: [{ name: 'a', model: 'offline/demo' }] })
  expect(() => createServer(asyncv, { allowedOrigins: ['app.example'] })).toThrow(/allowedOrigins has "app\.example"/)
})
