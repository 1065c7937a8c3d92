import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import type { z } from 'zod'
import { type Browser, passwordOf, signUp } from '../../src/browser.fixture.ts'
import { firstRunRequest } from '../../src/schemas/account.ts'
import { runtimeRequest } from '../../src/schemas/runtime.ts'
import { webhookRequest } from '../../src/schemas/webhooks.ts'
import { openStudio } from '../../src/studio.fixture.ts'
import { createSender } from '../../src/webhooks/send.ts'
import { chinese } from '../words/chinese.ts'
import { english, type Words } from '../words/english.ts'
import { sayProblem } from './say-problem.ts'

const receivers: { close(): void }[] = []
afterAll(() => receivers.forEach((one) => void one.close()))

/** Of one field of a request, what its schema complains of. */
const complaint = (schema: z.ZodType, field: string, value: unknown): string =>
  schema.safeParse({ [field]: value }).error?.issues.find(({ path }) => path[0] === field)?.message ?? 'nothing'

/** Said by us in both languages: neither as it came, nor with a word of English in the Chinese, but for names and examples. */
function expectSaid(detail: string): void {
  expect(sayProblem(detail, english as Words), detail).not.toBe(detail)
  const said = sayProblem(detail, chinese).replace(/Studio|https?:\S*|avk_|whsec_|base64|E[A-Z]+/g, '')
  expect(said, detail).toMatch(/\p{Script=Han}/u)
  expect(said, detail).not.toMatch(/[a-z]{3}/i)
}

test.each([
  ['a name that is too long', firstRunRequest, 'name', 'x'.repeat(10_000)],
  ['an empty name', firstRunRequest, 'name', ' '],
  ['a name of two lines', firstRunRequest, 'name', 'a\nb'],
  ['a login of other letters', firstRunRequest, 'login', '<img>'],
  ['a short password', firstRunRequest, 'password', 'short'],
  ['a password that is too long', firstRunRequest, 'password', 'x'.repeat(201)],
  ['no address', runtimeRequest, 'url', 'production'],
  ['an address with a password', runtimeRequest, 'url', 'http://a:b@c'],
  ['an address with a query', runtimeRequest, 'managementUrl', 'http://c/?d'],
  ['half a key', runtimeRequest, 'key', 'avk'],
  ['a secret of another shape', webhookRequest, 'secret', 'hunter2'],
])('the service complains of %s in the words of the page', (_, schema, field, value) => {
  expectSaid(complaint(schema, field, value))
})

test('what only the service knows of a field is said in the words of the page', async () => {
  const studio = await openStudio()
  const ann: Browser = await signUp(studio)
  const refused = async (method: string, path: string, body: object): Promise<string> =>
    (await ann.ask(method, path, body)).body.errors[0].detail
  const webhook = (url: string) => refused('POST', '/api/webhooks', { url, events: ['release.applied'] })
  const runtime = { name: 'one', url: 'http://127.0.0.1:9', managementUrl: 'http://127.0.0.1:9', key: 'avk_123456789' }
  const { body: connected } = await ann.ask('POST', '/api/runtimes', runtime)
  for (const detail of [
    await refused('POST', '/api/users', { login: 'ann', name: 'Other', role: 'viewer' }),
    await refused('PUT', '/api/me/password', { current: 'wrong', next: passwordOf('somebody else') }),
    await refused('PUT', `/api/runtimes/${connected.id}`, { url: 'http://127.0.0.1:10' }),
    await webhook('nowhere'),
    await webhook('ftp://example.com'),
    await webhook('https://a:b@example.com'),
    await webhook('http://127.0.0.1/'),
    (await ann.ask('POST', '/api/items/check', { changes: [] })).body.problem,
  ]) {
    expectSaid(detail)
  }
  await studio.close()
})

test('why a webhook could not be sent is said in the words of the page', async () => {
  const sender = createSender({ allowPrivate: true })
  const sendTo = async (url: string): Promise<string> => {
    const sent = await sender.send({ url, heads: {}, body: '{}', signal: new AbortController().signal })
    return sent.type === 'failed' ? sent.problem : 'nothing'
  }
  const receiver = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener)
    receivers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }
  const answering = (status: number) =>
    receiver((_, response) => void response.writeHead(status, { connection: 'close' }).end())
  for (const url of [await answering(500), await answering(302), 'http://127.0.0.1:9/']) expectSaid(await sendTo(url))
  await sender.close()
})

test('what is not known is said as it came', () => {
  expect(sayProblem('is something new', chinese)).toBe('is something new')
})
