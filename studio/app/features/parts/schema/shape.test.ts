import { openaiOptions } from '@asyncv/openai'
import { telegramConnector } from '@asyncv/telegram'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { chosenOf, emptyOf, type Schema, shapeOf } from './shape.ts'

const telegram = z.toJSONSchema(telegramConnector.options, { io: 'input', unrepresentable: 'any' }) as Schema
const openai = z.toJSONSchema(openaiOptions, { io: 'input', unrepresentable: 'any' }) as Schema

function kindsOf(schema: Schema): Record<string, string> {
  const shape = shapeOf(schema, schema)
  if (shape.kind !== 'object') throw new Error(shape.kind)
  return Object.fromEntries(shape.fields.map((field) => [field.name, shapeOf(field.schema, schema).kind]))
}

test('every option of Telegram and OpenAI has a field of a form', () => {
  expect(kindsOf(telegram)).toMatchObject({
    token: 'secret',
    apiRoot: 'url',
    allow: 'choice',
    webhook: 'object',
    streaming: 'boolean',
    placeholderAfterMs: 'number',
  })
  expect(kindsOf(openai)).toMatchObject({ apiKey: 'secret', headers: 'map', proxy: 'choice', maxTokensField: 'enum' })
  expect(Object.values({ ...kindsOf(telegram), ...kindsOf(openai) })).not.toContain('any')
})

test('limits of numbers are those of the schema', () => {
  const schema = { type: 'integer', exclusiveMinimum: 0, maximum: 9, multipleOf: 3 }
  expect(shapeOf(schema, {})).toEqual({ kind: 'number', least: 1, most: 9, step: 3 })
})

test('references and parts are put together, and null is what is left out', () => {
  const root = {
    $defs: {
      name: { type: 'string' },
      more: { type: 'object', properties: { b: { type: 'boolean' } }, required: ['b'] },
    },
    allOf: [
      { type: 'object', properties: { a: { anyOf: [{ $ref: '#/$defs/name' }, { type: 'null' }] } } },
      { $ref: '#/$defs/more' },
    ],
  }
  const shape = shapeOf(root, root)
  if (shape.kind !== 'object') throw new Error(shape.kind)
  expect(shape.fields.map(({ name, isRequired }) => [name, isRequired])).toEqual([
    ['a', false],
    ['b', true],
  ])
  expect(shape.fields.map(({ schema }) => shapeOf(schema, root).kind)).toEqual(['text', 'boolean'])
})

test('a reference that leads back to itself ends', () => {
  const root = { $defs: { a: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' }
  expect(shapeOf(root, root)).toEqual({ kind: 'any' })
})

test('the alternative of a value is known by its form', () => {
  const options = [{ const: 'everyone' }, { type: 'array', items: { type: 'string' } }]
  expect(chosenOf(options, 'everyone', {})).toBe(0)
  expect(chosenOf(options, ['1'], {})).toBe(1)
  expect(options.map((one) => emptyOf(one, {}))).toEqual(['everyone', []])
})
