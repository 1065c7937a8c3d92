import { expect, test } from 'vitest'
import { kindOf, mediaTypeOf } from './media-type.ts'

const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex')

test.each([
  ['a picture that says it is text', png, 'text/plain', 'image/png'],
  ['a document', Buffer.from('%PDF-1.7\n'), undefined, 'application/pdf'],
  ['text that says it is a picture', Buffer.from('hello'), 'image/png', 'text/plain'],
  ['text of a kind', Buffer.from('{"a":1}'), 'application/json; charset=utf-8', 'application/json'],
  ['a page', Buffer.from('<script>alert(1)</script>'), 'text/html', 'text/html'],
  ['text in Chinese, cut in the middle of a character', Buffer.from('你好').subarray(0, 5), undefined, 'text/plain'],
  ['what is no text', Buffer.from([1, 0, 2, 3]), 'text/plain', 'application/octet-stream'],
  ['what is no UTF-8', Buffer.from([0x68, 0xe9, 0x20, 0x68]), 'text/plain', 'application/octet-stream'],
  ['nothing', Buffer.alloc(0), undefined, 'text/plain'],
])('tells %s by looking', async (_, head, claimed, type) => {
  expect(await mediaTypeOf(head, claimed)).toBe(type)
})

test('pictures and sound are what model services take for them', () => {
  expect(['image/png', 'image/svg+xml', 'audio/mpeg', 'audio/midi', 'application/pdf'].map(kindOf)).toEqual([
    'image',
    'file',
    'audio',
    'file',
    'file',
  ])
})
