import type { ReleaseDocument } from 'asyncv/schemas'
import { expect, test } from 'vitest'
import { differenceOf } from './difference.ts'

const before: ReleaseDocument = {
  schemaVersion: 1,
  agents: [
    { name: 'helper', model: 'main/m', instructions: 'Be brief.', tools: ['time'], limits: { modelCalls: 3 } },
    { name: 'old', model: 'main/m' },
  ],
  routes: [{ connector: 'tg', agent: 'helper' }],
  providers: { main: { type: 'openai', options: { apiKey: { $secret: 'A' } } } },
  connectors: { tg: { type: 'telegram', options: { token: { $secret: 'T' } } }, gone: { type: 'x', options: {} } },
}

test('what is the same in another order is no difference', () => {
  const other = { ...before, agents: before.agents.toReversed() }
  expect(differenceOf(before, other)).toEqual([])
})

test('what is added, changed and removed is told by item and field', () => {
  const after: ReleaseDocument = {
    ...before,
    agents: [
      { name: 'helper', model: 'main/m', instructions: 'Be kind.', tools: ['time', 'calculator'], limits: {} },
      { name: 'young', model: 'main/m' },
    ],
    routes: [{ connector: 'tg', agent: 'young' }],
    providers: { main: { type: 'openai', options: { apiKey: { $secret: 'B' } } } },
  }
  expect(differenceOf(before, after)).toEqual([
    {
      kind: 'agent',
      name: 'helper',
      change: 'changed',
      fields: [
        { path: 'instructions', before: 'Be brief.', after: 'Be kind.' },
        { path: 'tools', before: ['time'], after: ['time', 'calculator'] },
        { path: 'limits.modelCalls', before: 3, after: undefined },
      ],
    },
    { kind: 'agent', name: 'young', change: 'added', fields: [{ path: 'model', before: undefined, after: 'main/m' }] },
    { kind: 'agent', name: 'old', change: 'removed', fields: [{ path: 'model', before: 'main/m', after: undefined }] },
    { kind: 'route', name: 'tg', change: 'changed', fields: [{ path: 'agent', before: 'helper', after: 'young' }] },
    {
      kind: 'provider',
      name: 'main',
      change: 'changed',
      fields: [{ path: 'options.apiKey', before: { $secret: 'A' }, after: { $secret: 'B' } }],
    },
  ])
})

test('before the first release everything is added', () => {
  expect(differenceOf(null, before).map(({ kind, name, change }) => `${change} ${kind} ${name}`)).toEqual([
    'added agent helper',
    'added agent old',
    'added route tg',
    'added connector tg',
    'added connector gone',
    'added provider main',
  ])
})

test('a secret that what runs holds itself is not told', () => {
  const holding = (apiKey: string): ReleaseDocument => ({
    ...before,
    providers: { main: { type: 'openai', options: { apiKey, headers: [{ 'x-token': 'canary-1' }] } } },
  })
  const told = JSON.stringify([
    differenceOf(holding('canary-2'), holding('canary-3')),
    differenceOf(before, holding('canary-3')),
    differenceOf(null, holding('canary-3')),
  ])
  expect(told).not.toContain('canary')
  expect(told).toContain('options.apiKey')
})
