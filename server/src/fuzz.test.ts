/** Drives every route of the OpenAPI document with what nobody would think of. `FUZZ_REQUESTS` says how often. */
import fc from 'fast-check'
import { offline } from 'asyncv'
import { problem } from 'asyncv/schemas'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openService, type Service } from './service.fixture.ts'

const requests = Number(process.env['FUZZ_REQUESTS'] ?? 10_000)
const week = 7 * 24 * 60 * 60_000

/** Stands where secrets stand; nothing may ever say it. */
const canary = 'canary-4c1d9e'
const operatorKey = `avk_operator_${canary}`

interface Operation {
  method: string
  path: string
  query: string[]
  body: boolean
}

let service: Service
let operations: Operation[]
let key = ''
/** Ids that are there, so that routes are reached behind their look-ups. */
let ids: string[] = []

beforeAll(async () => {
  service = await openService({ demo: offline() }, { events: { keepMs: week } }, { operatorKey })
  key = (await service.asyncv.keys.create({ name: 'fuzz', scopes: ['invoke', 'read', 'operate'] })).key
  await service.asyncv.keys.create({ name: canary, space: 'other' })
  const { task, message, session } = await service.asyncv.send({ agent: 'demo', text: 'hi' })
  const [stored] = (await service.asyncv.sessions()).data
  ids = [task, message, session, stored?.id ?? '', 'demo', `resp_${task}`]
  const document = await (await fetch(`${service.url}/openapi.json`)).json()
  operations = operationsIn(document as Document)
})
afterAll(() => service.close())

interface Document {
  paths: Record<string, Record<string, { parameters?: { name: string; in: string }[]; requestBody?: unknown }>>
}

function operationsIn({ paths }: Document): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
      body: requestBody !== undefined,
    })),
  )
}

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '0', '-1', '1e9', 'null', '../..', '%00', '%', "' or 1=1 --", '\u202e', 'x'.repeat(5_000)),
)

const words = fc.string({ unit: 'grapheme', minLength: 1 })

/** Bodies that are right, that are nearly right, and that are anything. */
const body = fc.oneof(
  fc.record({ text: words }),
  fc.record({
    model: fc.constant('demo'),
    messages: fc.array(fc.record({ role: fc.constant('user'), content: words }), { minLength: 1, maxLength: 3 }),
    stream: fc.boolean(),
  }),
  fc.record({ model: fc.constant('demo'), input: words, stream: fc.boolean(), background: fc.boolean() }),
  fc.record(
    {
      text: fc.oneof(text, fc.integer()),
      session: text,
      whenBusy: fc.constantFrom('queue', 'steer', 'never'),
      model: fc.constantFrom('demo', 'nobody'),
      messages: fc.array(fc.record({ role: fc.constantFrom('user', 'system', 'assistant', 'tool'), content: text })),
      input: fc.oneof(text, fc.array(fc.anything())),
      metadata: fc.dictionary(text, fc.jsonValue()),
      previous_response_id: text,
    },
    { requiredKeys: [] },
  ),
  fc.jsonValue(),
  text,
)

const oddHeaders = fc.record(
  {
    'idempotency-key': text,
    prefer: fc.oneof(text, fc.constantFrom('respond-async', 'wait=0', 'respond-async;x')),
    accept: fc.constantFrom('*/*', 'application/json', 'text/event-stream', 'x'),
    'last-event-id': text,
    'x-asyncv-session': text,
    'x-request-id': text,
    'content-type': fc.constantFrom('application/json', 'text/plain', 'application/json; charset=latin1', ''),
    'content-encoding': fc.constantFrom('identity', 'gzip', 'br'),
    origin: fc.constantFrom('https://evil.example', 'null', 'http://127.0.0.1'),
  },
  { requiredKeys: [] },
)

const headers = fc.oneof(
  fc.constant({}),
  fc.record({ accept: fc.constantFrom('application/json', 'text/event-stream') }),
  oddHeaders,
)

test(`${requests} requests of any kind: never a bug, a hang or a secret, and nothing without a key`, async () => {
  const pick = fc.nat().map((n) => operations[n % operations.length] as Operation)
  const place = fc.oneof(
    fc.nat().map((n) => ids[n % ids.length] ?? ''),
    text,
  )
  const open = new Set(['/livez', '/healthz', '/readyz', '/openapi.json'])
  const property = fc.asyncProperty(
    pick,
    fc.array(place, { minLength: 3, maxLength: 3 }),
    fc.dictionary(text, text, { maxKeys: 3 }),
    fc.option(fc.array(text, { minLength: 4, maxLength: 4 })),
    headers,
    body,
    fc.constantFrom('key', 'key', 'key', 'none', 'wrong', 'basic'),
    async (operation, places, anyQuery, queries, given, content, credential) => {
      const { method, query, body: hasBody } = operation
      const url = new URL(`http://127.0.0.1${pathOf(operation.path, places)}`)
      if (queries !== null)
        for (const [index, name] of query.entries()) url.searchParams.set(name, queries[index % queries.length] ?? '')
      if (places[0] === '') for (const [name, value] of Object.entries(anyQuery)) url.searchParams.set(name, value)
      const sent = new Headers({ 'content-type': 'application/json' })
      for (const [name, value] of Object.entries(given)) setHeader(sent, name, value)
      const bearer = { key, wrong: 'avk_0123456789abcdef_wrong', basic: '', none: '' }[credential]
      if (bearer !== '') sent.set('authorization', `Bearer ${bearer}`)
      if (credential === 'basic') sent.set('authorization', 'Basic YTpi')
      const leave = new AbortController()
      const payload = typeof content === 'string' ? content : JSON.stringify(content)
      const request = new Request(url, {
        method,
        headers: sent,
        signal: leave.signal,
        ...(hasBody ? { body: payload } : {}),
      })
      const what = `${method} ${url.pathname}${url.search} ${JSON.stringify([given, payload, credential])}`
      const response = await within(service.fetch(request), 5_000, what)
      expect(response.status, what).not.toBe(500)
      if (credential !== 'key' && !open.has(url.pathname)) expect(response.ok, what).toBe(false)
      const said = await saidBy(response)
      expect(said + JSON.stringify([...response.headers]), what).not.toContain(canary)
      if (response.headers.get('content-type') === 'application/problem+json') problem.parse(JSON.parse(said))
    },
  )
  await fc.assert(property, { numRuns: requests, endOnFailure: true })
  expect((await service.asyncv.ready()).ready).toBe(true)
}, 600_000)

/** An agent is mostly one that is there. */
function pathOf(path: string, [place = '', other = '']: string[]): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const isAgent = (name === 'agent' || name === 'model') && other.length < 8
    return isAgent ? 'demo' : encodeURIComponent(place.toWellFormed()) || 'x'
  })
}

/** Not every text can be a header; those that cannot never leave a client. */
function setHeader(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value)
  } catch {}
}

async function within<Value>(promise: Value | Promise<Value>, ms: number, what: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer in ${ms} ms: ${what}`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** The whole body; of a stream that may go on for ever, its beginning. */
async function saidBy(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text()
  const reader = response.body?.getReader()
  const first = await reader?.read()
  await reader?.cancel()
  return new TextDecoder().decode(first?.value)
}
