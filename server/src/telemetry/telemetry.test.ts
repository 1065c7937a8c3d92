import { type Attributes, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { defineTool, type Logger } from 'asyncv'
import { scripted } from 'asyncv/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { host2026 } from '../mcp/clients.fixture.ts'
import { broken, counting, openService, type Service } from '../service.fixture.ts'

const exporter = new InMemorySpanExporter()
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })

const weather = defineTool({
  name: 'weather',
  description: 'Tells the weather',
  input: z.object({ place: z.string() }),
  effect: 'read',
  run: ({ input }) => {
    if (input.place === 'nowhere') throw new Error('no such place')
    return 'sunny'
  },
})

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'
const traceparent = `00-${traceId}-${spanId}-01`

let service: Service
let lines: Record<string, unknown>[]
beforeEach(async () => {
  trace.setGlobalTracerProvider(provider)
  lines = []
  const log = (fields: object, message: string): void => void lines.push({ ...fields, message })
  const logger: Logger = { debug: log, info: log, warn: log, error: log }
  const tools = scripted((_, n) =>
    n % 2 === 1
      ? {
          toolCalls: ['here', 'nowhere'].map((place) => ({ name: 'weather', args: { place } })),
          usage: { inputTokens: 5, outputTokens: 7 },
        }
      : 'It is sunny, secretly.',
  )
  const agents = [
    { name: 'demo', model: 'demo/m' },
    { name: 'broken', model: 'broken/m' },
    { name: 'tools', model: 'tools/m', tools: [weather] },
  ]
  service = await openService({ demo: counting(), broken, tools }, { agents }, { logger })
})
afterEach(async () => {
  await service.close()
  exporter.reset()
  trace.disable()
})

async function spansOf(count: number): Promise<ReadableSpan[]> {
  await expect.poll(() => exporter.getFinishedSpans().length).toBe(count)
  return exporter.getFinishedSpans()
}

const named = (spans: ReadableSpan[], name: string): ReadableSpan => {
  const found = spans.find((span) => span.name === name)
  if (found === undefined) throw new Error(`no ${name} in ${spans.map((span) => span.name).join(', ')}`)
  return found
}
const idOf = (span: ReadableSpan): string => span.spanContext().spanId

test('a request, its task, its model calls and its tool calls are one trace, the caller’s', async () => {
  const response = await service.post('tools', { text: 'how is it?' }, { traceparent })
  const { task, session } = (await response.json()) as { task: string; session: string }
  const spans = await spansOf(6)
  for (const span of spans) expect(span.spanContext().traceId).toBe(traceId)
  const request = named(spans, 'POST /v1/agents/{agent}/messages')
  expect([request.kind, request.parentSpanContext?.spanId]).toEqual([SpanKind.SERVER, spanId])
  expect(request.attributes).toMatchObject({
    'http.route': '/v1/agents/{agent}/messages',
    'http.response.status_code': 200,
  })
  const agent = named(spans, 'invoke_agent tools')
  expect(agent.parentSpanContext?.spanId).toBe(idOf(request))
  expect(agent.attributes).toMatchObject({ 'gen_ai.agent.name': 'tools', 'asyncv.task.id': task })
  expect(agent.attributes['gen_ai.conversation.id']).toBe((await service.asyncv.task(task)).session)
  expect(session).not.toBe('')
  const inside = spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === idOf(agent))
  expect(inside.map(({ name }) => name).sort()).toEqual([
    'chat m',
    'chat m',
    'execute_tool weather',
    'execute_tool weather',
  ])
  const [chat] = inside.filter(({ name }) => name === 'chat m')
  const expected: Attributes = {
    'gen_ai.provider.name': 'tools',
    'gen_ai.usage.input_tokens': 5,
    'gen_ai.usage.output_tokens': 7,
  }
  expect(chat?.attributes).toMatchObject(expected)
  const failed = inside.filter(({ name }) => name.startsWith('execute')).map(({ status }) => status.code)
  expect(failed.sort()).toEqual([SpanStatusCode.UNSET, SpanStatusCode.ERROR])
  const times = ({ startTime: [s, n], endTime: [e, m] }: ReadableSpan): [number, number] => [
    s * 1e3 + n / 1e6,
    e * 1e3 + m / 1e6,
  ]
  for (const one of inside) {
    expect(times(one)[0]).toBeGreaterThanOrEqual(times(agent)[0] - 1)
    expect(times(one)[1]).toBeLessThanOrEqual(times(agent)[1] + 1)
  }
  expect(JSON.stringify(spans.map(({ attributes, events, status }) => [attributes, events, status]))).not.toMatch(
    /secretly|how is it/,
  )
})

test('a task that fails says why, and so does its trace; the log ties them together', async () => {
  const response = await service.post('broken', { text: 'hi' }, { traceparent, 'X-Request-Id': 'mine-7' })
  const { task } = (await response.json()) as { task: string }
  const spans = await spansOf(2)
  const agent = named(spans, 'invoke_agent broken')
  expect([agent.status.code, agent.attributes['error.type']]).toEqual([SpanStatusCode.ERROR, 'provider_denied'])
  const request = named(spans, 'POST /v1/agents/{agent}/messages')
  expect([request.status.code, request.attributes['error.type']]).toEqual([SpanStatusCode.ERROR, '502'])
  expect(lines).toContainEqual(
    expect.objectContaining({ message: 'a request made a task', requestId: 'mine-7', task, traceId }),
  )
  expect(lines).toContainEqual(
    expect.objectContaining({ message: 'a request was answered with a problem', requestId: 'mine-7', traceId }),
  )
})

test('it is so over the other protocols, too', async () => {
  const host = await host2026(service.url, { traceparent })
  await host.callTool({ name: 'ask_demo', arguments: { text: 'hi' } })
  await host.close()
  await expect.poll(() => exporter.getFinishedSpans().some(({ name }) => name === 'invoke_agent demo')).toBe(true)
  const spans = exporter.getFinishedSpans()
  const asking = spans.find((span) => idOf(span) === named(spans, 'invoke_agent demo').parentSpanContext?.spanId)
  expect([asking?.name, asking?.spanContext().traceId]).toEqual(['POST /mcp', traceId])
  exporter.reset()
  await fetch(`${service.url}/openai/v1/responses`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', traceparent },
    body: JSON.stringify({ model: 'demo', input: 'hi', stream: true }),
  }).then((response) => response.text())
  const streamed = await spansOf(3)
  expect(named(streamed, 'invoke_agent demo').parentSpanContext?.spanId).toBe(
    idOf(named(streamed, 'POST /openai/v1/responses')),
  )
})

test.each([
  'nonsense',
  `ff-${traceId}-${spanId}-01`,
  `00-${'0'.repeat(32)}-${spanId}-01`,
  `00-${traceId}-${'0'.repeat(16)}-01`,
  `00-${traceId.toUpperCase()}-${spanId}-01`,
  `00-${traceId}-${spanId}-01-more`,
  `00-${traceId}-${spanId}`,
])('a traceparent that is none, %s, begins a trace of its own', async (odd) => {
  expect((await service.post('demo', { text: 'hi' }, { traceparent: odd })).status).toBe(200)
  const spans = await spansOf(3)
  const request = named(spans, 'POST /v1/agents/{agent}/messages')
  expect([request.parentSpanContext, request.spanContext().traceId === traceId]).toEqual([undefined, false])
})

test('one of a later version counts, as far as it is known', async () => {
  await service.post('demo', { text: 'hi' }, { traceparent: `01-${traceId}-${spanId}-09-more` })
  expect((await spansOf(3))[0]?.spanContext().traceId).toBe(traceId)
})

test('a path that is none is no name of a span', async () => {
  await fetch(`${service.url}/nowhere/${'x'.repeat(50)}`)
  expect((await spansOf(1))[0]?.name).toBe('GET')
})

test('while nobody listens nothing is kept, and nothing goes wrong', async () => {
  trace.disable()
  const { task } = (await (await service.post('tools', { text: 'hi' }, { traceparent })).json()) as { task: string }
  expect((await service.asyncv.task(task)).state).toBe('done')
  trace.setGlobalTracerProvider(provider)
  await service.post('demo', { text: 'hi' })
  expect((await spansOf(3)).map(({ name }) => name).sort()).toEqual([
    'POST /v1/agents/{agent}/messages',
    'chat m',
    'invoke_agent demo',
  ])
  expect(lines).toContainEqual(expect.objectContaining({ message: 'a request made a task', task }))
})
