import type { ModelRequest } from 'asyncv'
import { expect, test } from 'vitest'
import { bodyOf } from './request.ts'

const options = { stream: true, includeUsage: true, maxTokensField: 'max_tokens' } as const
const request: ModelRequest = {
  model: 'gpt',
  instructions: 'Be brief.',
  messages: [
    {
      role: 'user',
      parts: [
        { type: 'text', text: 'Refund 7 ' },
        { type: 'text', text: 'and 8' },
      ],
    },
    {
      role: 'assistant',
      parts: [
        { type: 'tool-call', callId: 'a', name: 'refund', args: { id: 7 } },
        { type: 'tool-call', callId: 'b', name: 'refund', args: 'id 8' },
      ],
    },
    {
      role: 'tool',
      parts: [
        { type: 'tool-result', callId: 'a', result: { ok: true } },
        { type: 'tool-result', callId: 'b', result: 'args are no JSON', isError: true },
      ],
    },
    { role: 'assistant', parts: [{ type: 'text', text: 'One is refunded.' }] },
  ],
  tools: [{ name: 'refund', description: 'Refunds', inputJsonSchema: { type: 'object' } }],
  maxOutputTokens: 50,
}

test('says a conversation as the protocol does', () => {
  expect(bodyOf(request, options)).toEqual({
    model: 'gpt',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Refund 7 and 8' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'refund', arguments: '{"id":7}' } },
          { id: 'b', type: 'function', function: { name: 'refund', arguments: 'id 8' } },
        ],
      },
      { role: 'tool', tool_call_id: 'a', content: '{"ok":true}' },
      { role: 'tool', tool_call_id: 'b', content: 'Error: args are no JSON' },
      { role: 'assistant', content: 'One is refunded.' },
    ],
    tools: [{ type: 'function', function: { name: 'refund', description: 'Refunds', parameters: { type: 'object' } } }],
    max_tokens: 50,
    stream: true,
    stream_options: { include_usage: true },
  })
})

test('leaves out what is not there or not wanted', () => {
  const bare = { ...request, instructions: '', messages: [], tools: [] }
  expect(bodyOf(bare, { stream: false, includeUsage: true, maxTokensField: 'none' })).toEqual({
    model: 'gpt',
    messages: [],
  })
  expect(bodyOf(bare, { ...options, includeUsage: false })).not.toHaveProperty('stream_options')
})

test('says a result that is nothing as null', () => {
  const messages = [
    { role: 'tool' as const, parts: [{ type: 'tool-result' as const, callId: 'a', result: undefined }] },
  ]
  expect(bodyOf({ ...request, messages }, options).messages[1]).toMatchObject({ content: 'null' })
})
