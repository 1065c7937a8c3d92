import { canonicalJson, documentProblems } from 'asyncv/schemas'
import { expect, test } from 'vitest'
import { compose, type Piece, pieceAt, piecesOf } from './document.ts'

const pieces: Piece[] = [
  { kind: 'route', name: 'tg', content: { connector: 'tg', agent: 'zoe' } },
  { kind: 'agent', name: 'zoe', content: { name: 'zoe', model: 'main/m' } },
  { kind: 'agent', name: 'Ann', content: { name: 'Ann', model: 'main/m' } },
  { kind: 'provider', name: 'main', content: { type: 'openai', options: {} } },
  { kind: 'provider', name: '10', content: { type: 'openai', options: {} } },
  { kind: 'connector', name: 'tg', content: { type: 'telegram', options: {} } },
]

test('the same items make the same document, in whatever order they come', () => {
  const document = compose(pieces)
  expect(documentProblems(document)).toEqual([])
  expect(document.agents).toMatchObject([{ name: 'Ann' }, { name: 'zoe' }])
  expect(canonicalJson(compose(pieces.toReversed()))).toBe(canonicalJson(document))
})

test('a document falls into the items that it was made of', () => {
  const found = piecesOf(compose(pieces)).map(({ place: _, ...piece }) => piece)
  expect(found).toHaveLength(pieces.length)
  expect(found).toEqual(expect.arrayContaining(pieces))
})

test.each([
  ['/agents/1/model', { kind: 'agent', name: 'zoe', pointer: '/model' }],
  ['/agents/1/model/0', { kind: 'agent', name: 'zoe', pointer: '/model' }],
  ['/agents/1/limits/calls', { kind: 'agent', name: 'zoe', pointer: '/limits/calls' }],
  ['/agents/0', { kind: 'agent', name: 'Ann', pointer: '' }],
  ['/routes/0/agent', { kind: 'route', name: 'tg', pointer: '/agent' }],
  ['/connectors/tg/options/a~1b', { kind: 'connector', name: 'tg', pointer: '/options/a~1b' }],
  ['/providers/10', { kind: 'provider', name: '10', pointer: '' }],
])('the place %s is one of an item', (pointer, place) => {
  expect(pieceAt(pointer, pieces)).toEqual(place)
})

test.each(['', '/schemaVersion', '/agents', '/agents/2', '/providers'])(
  'the place "%s" is one of no item',
  (pointer) => {
    expect(pieceAt(pointer, pieces)).toBeNull()
  },
)
