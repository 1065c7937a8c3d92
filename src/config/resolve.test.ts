import { expect, test } from 'vitest'
import { z } from 'zod'
import { checkOptions, resolveOptions } from './resolve.ts'
import { offline } from '../offline/provider.ts'
import type { AsyncvOptions } from '../options.ts'
import { fakeConnector } from '../testing/fake-connector.ts'
import { defineTool } from '../tool.ts'

const agents = [{ name: 'helper', model: 'offline/demo' }]

function problemsOf(options: object): string[] {
  const problems: string[] = []
  // Not checked by the compiler in a program that is written in JavaScript.
  checkOptions(options as AsyncvOptions, problems)
  return problems
}

test('fills in every default', () => {
  const resolved = resolveOptions({ agents })
  expect(resolved).toMatchObject({
    width: 64,
    maxOpenTasks: 10_000,
    replyTimeoutMs: 600_000,
    outbox: { deliveryMaxAgeMs: 86_400_000, maxAttempts: 20, onUncertain: 'resend' },
    modelCalls: { maxAttempts: 4, backoffMs: 500, maxBackoffMs: 30_000 },
  })
  expect([...resolved.providers.keys()]).toEqual(['offline'])
})

test('an option that is undefined has its default', () => {
  expect(resolveOptions({ agents, outbox: { maxAttempts: undefined } as object }).outbox.maxAttempts).toBe(20)
})

test('the only agent answers connectors without a route', () => {
  expect(resolveOptions({ agents, connectors: { tg: fakeConnector() } }).routes.get('tg')?.name).toBe('helper')
})

test("a program's own tool goes before the built-in one of its name", () => {
  const time = defineTool({ name: 'time', description: 'x', input: z.object({}), effect: 'read', run: () => 'noon' })
  const resolved = resolveOptions({ agents: [{ name: 'a', model: 'offline/demo', tools: ['time'] }], tools: [time] })
  expect(resolved.agents.get('a')?.tools).toEqual([time])
})

test('a model goes on after its first "/"', () => {
  const resolved = resolveOptions({ agents: [{ name: 'a', model: 'main/org/model' }], providers: { main: offline() } })
  expect(resolved.agents.get('a')?.models).toMatchObject([{ reference: 'main/org/model', model: 'org/model' }])
})

const two = [
  { name: 'one', model: 'offline/demo' },
  { name: 'two', model: 'offline/demo' },
]

test.each<[string, object, string[]]>([
  ['no agent', { agents: [] }, ['There is no agent; give at least one in agents.']],
  ['no agents at all', {}, ['There is no agent; give at least one in agents.']],
  ['an unknown option', { agents, widht: 1 }, ['Unknown option widht. Did you mean "width"?']],
  ['a number that is none', { agents, width: '8' }, ['width is "8"; give a whole number from 1 up.']],
  [
    'numbers below',
    { agents, outbox: { maxAttempts: 0 }, modelCalls: { backoffMs: 0.5 } },
    [
      'outbox.maxAttempts is 0; give a whole number from 1 up.',
      'modelCalls.backoffMs is 0.5; give a whole number from 1 up.',
    ],
  ],
  [
    'an unknown option of the outbox',
    { agents, outbox: { maxAttemps: 1 } },
    ['Unknown option outbox.maxAttemps. Did you mean "maxAttempts"?'],
  ],
  [
    'an unknown policy',
    { agents, outbox: { onUncertain: 'drop' } },
    ['outbox.onUncertain is "drop"; give "resend" or "hold".'],
  ],
  ['two of the same name', { agents: [...agents, ...agents] }, ['Two of the same name: agent "helper". Rename one.']],
  [
    'several bad agents',
    { agents: [{ name: 'a b', model: 'x/y' }, { name: 'c' }] },
    [
      'Agent name "a b" is not usable. Use 1 to 64 letters, digits, "_" or "-".',
      'Agent "c" has no model. Name one as "provider/model", such as "main/gpt-5-mini".',
    ],
  ],
  [
    'a model of no provider',
    { agents: [{ name: 'a', model: 'ofline/demo' }] },
    ['Agent "a": model "ofline/demo" names no provider. Did you mean "offline"?'],
  ],
  [
    'a model of a provider that is far from any name',
    { agents: [{ name: 'a', model: 'main/x' }] },
    ['Agent "a": model "main/x" names no provider. Known providers: offline.'],
  ],
  [
    'an unknown tool',
    { agents: [{ ...agents[0], tools: ['tmie'] }] },
    ['Agent "helper": unknown tool "tmie". Did you mean "time"?'],
  ],
  [
    'a tool twice',
    { agents: [{ ...agents[0], tools: ['time', 'time'] }] },
    ['Two of the same name: agent "helper": tool "time". Rename one.'],
  ],
  [
    'a route that leads nowhere at both ends',
    { agents, routes: [{ connector: 'tg', agent: 'helpr' }] },
    [
      'Route to "helpr": unknown connector "tg". Known connectors: none.',
      'Route from "tg": unknown agent "helpr". Did you mean "helper"?',
    ],
  ],
  [
    'two routes of one connector',
    {
      agents: two,
      connectors: { tg: fakeConnector() },
      routes: [
        { connector: 'tg', agent: 'one' },
        { connector: 'tg', agent: 'two' },
      ],
    },
    ['Connector "tg" has two routes; one agent answers a connector.'],
  ],
  [
    'a connector that nobody answers',
    { agents: two, connectors: { tg: fakeConnector() } },
    ['Connector "tg" has no route; add { connector: "tg", agent: … } to routes.'],
  ],
  [
    'names that cannot be used',
    { agents, providers: { 'a/b': offline() }, connectors: { '': fakeConnector() } },
    [
      'The provider name "a/b" is not usable. Use 1 to 64 letters, digits, "_" or "-".',
      'The connector name "" is not usable. Use 1 to 64 letters, digits, "_" or "-".',
    ],
  ],
])('%s', (_, options, problems) => {
  expect(problemsOf(options)).toEqual(problems)
})

test('everything that is wrong stands in one error', () => {
  expect(() => resolveOptions({ agents: [{ name: 'a', model: 'x/y', tools: ['z'] }], width: 0 })).toThrow(
    /names no provider[\s\S]*unknown tool "z"[\s\S]*width is 0/,
  )
})
