import { expect, test } from 'vitest'
import { documentProblems, releaseDocument } from './release.ts'

const agents = [{ name: 'helper', model: 'main/any', instructions: 'Be brief.' }]

test('a document in the form of today has no problem', () => {
  expect(
    documentProblems({
      schemaVersion: 1,
      agents,
      routes: [{ connector: 'tg', agent: 'helper' }],
      providers: { main: { type: 'openai', options: { apiKey: { $secret: 'KEY' } } } },
      connectors: { tg: { type: 'telegram' } },
    }),
  ).toEqual([])
})

test.each<[string, unknown, { pointer: string; detail: string }[]]>([
  [
    'a later version, with what it brings',
    { schemaVersion: 2, agents, schedules: [] },
    [
      { pointer: '/schemaVersion', detail: 'needs an asyncv that knows schemaVersion 2; this one knows 1' },
      { pointer: '/schedules', detail: 'unknown to this asyncv; needs one that knows schemaVersion 2' },
    ],
  ],
  [
    'an unknown field, with the versions that do not have it',
    { schemaVersion: 1, agents, conectors: {} },
    [{ pointer: '/conectors', detail: 'no schemaVersion up to 1 has this field. Did you mean "connectors"?' }],
  ],
  [
    'an unknown field of an agent',
    { schemaVersion: 1, agents: [{ ...agents[0], instruction: 'x' }] },
    [
      {
        pointer: '/agents/0/instruction',
        detail: 'no schemaVersion up to 1 has this field. Did you mean "instructions"?',
      },
    ],
  ],
  [
    'what belongs to the host',
    { schemaVersion: 1, agents, plugins: ['https://example.com/evil.js'], storage: 'sqlite:/etc/passwd' },
    ['plugins', 'storage'].map((key) => ({
      pointer: `/${key}`,
      detail: 'belongs to the host: only the operator’s own file or program says it, never a release',
    })),
  ],
  [
    'a part with a program to run',
    { schemaVersion: 1, agents, connectors: { tg: { type: 'x', command: '/bin/sh' } } },
    [{ pointer: '/connectors/tg/command', detail: 'no schemaVersion up to 1 has this field.' }],
  ],
  [
    'names that cannot be used, with the pointer escaped',
    { schemaVersion: 1, agents, providers: { 'a/b~': { type: 'x' } } },
    [{ pointer: '/providers/a~1b~0', detail: 'use 1 to 64 letters, digits, "_" or "-"' }],
  ],
  ['no version', { agents }, [{ pointer: '/schemaVersion', detail: 'Invalid input: expected 1' }]],
  ['something else', 7, [{ pointer: '', detail: 'Invalid input: expected object, received number' }]],
])('%s is refused at its place', (_, document, problems) => {
  expect(documentProblems(document)).toEqual(problems)
})

test('a field of a later version is named with it where the document says an earlier one', () => {
  const fields = { schemaVersion: 1, agents: 1, routes: 1, providers: 1, connectors: 1, schedules: 2 }
  expect(documentProblems({ schemaVersion: 1, agents, schedules: [] }, 2, fields)).toContainEqual({
    pointer: '/schedules',
    detail: 'is a field of schemaVersion 2; the document says 1',
  })
})

test('what is left out is empty', () => {
  expect(releaseDocument.parse({ schemaVersion: 1 })).toEqual({
    schemaVersion: 1,
    agents: [],
    routes: [],
    providers: {},
    connectors: {},
  })
})

test('a document has no more parts than anybody looks through', () => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, { type: 'x' }]))
  expect(documentProblems({ schemaVersion: 1, providers: many(1_000), connectors: many(1_000) })).toEqual([])
  expect(documentProblems({ schemaVersion: 1, providers: many(1_001), connectors: many(1_001) })).toEqual([
    { pointer: '/providers', detail: 'has more than 1000 parts' },
    { pointer: '/connectors', detail: 'has more than 1000 parts' },
  ])
})
