import { expect, test } from 'vitest'
import type { Logger } from '../logger.ts'
import { Hiding } from './hiding.ts'
import { mostSecrets } from './input.ts'

const value = 'sk-canary/+x="y"!\u00e9\nanother-line-of-the-canary'

function hidingOf(...values: string[]): Hiding {
  const hiding = new Hiding()
  for (const one of values) hiding.learn('K', one)
  return hiding
}

/** What a logger that writes JSON writes. */
function logged(fields: object): string {
  let line = ''
  const write = (given: object): void => {
    line = JSON.stringify(given)
  }
  const logger: Logger = { debug: write, info: write, warn: write, error: write }
  hidingOf(value).logger(logger).info(fields, '')
  return line
}

const encoded = encodeURIComponent(value)

test.each([
  ['as it is', value],
  ['in JSON', JSON.stringify({ value })],
  ['in a URL', `https://a.example/?key=${encoded}&more`],
  ['in a URL with small letters', `?key=${encoded.replace(/%../g, (sign) => sign.toLowerCase())}`],
  ['in a form', new URLSearchParams({ a: 'b', key: value, c: 'd' }).toString()],
  ['in base64', Buffer.from(value).toString('base64')],
  ['in base64url', Buffer.from(value).toString('base64url')],
  ['one line of it', 'cannot read "another-line-of-the-canary"'],
])('a value is taken out %s', (_, text) => {
  const shown = hidingOf(value).text(text)
  expect(shown).toContain('[secret K]')
  expect(shown).not.toMatch(/canary/)
})

test.each(['', 'u', 'us', 'user:', 'other:'])(
  'a value is taken out of the base64 of a password behind "%s"',
  (before) => {
    const secret = 'hunter2-canary'
    const shown = hidingOf(secret).text(`Basic ${Buffer.from(`${before}${secret}`).toString('base64')}`)
    const left = Buffer.from(shown.replace('Basic ', '').replace('[secret K]', ''), 'base64').toString('latin1')
    expect(shown).toContain('[secret K]')
    expect(left).not.toMatch(/unter2|canar/)
  },
)

test.each<[string, object]>([
  ['a URL', { url: new URL(`https://a.example/?key=${encoded}`) }],
  [
    'an object of a class',
    {
      options: new (class Options {
        key = value
      })(),
    },
  ],
  ['what writes itself', { call: { toJSON: () => ({ key: value }) } }],
  ['the name of a field', { [value]: 1 }],
  ['bytes', { body: Buffer.from(value) }],
  ['an error and its cause', { error: Object.assign(new Error(`no ${value}`, { cause: value }), { at: value }) }],
])('a value is taken out of %s in a log line', (_, fields) => {
  const line = logged(fields)
  expect(line).not.toContain('canary')
  expect(line).not.toContain(encoded)
  expect(line).not.toContain([...Buffer.from('canary')].join(','))
})

test('what cannot be copied or read is no failure of the log', () => {
  let seen: unknown
  const keep = (fields: object): void => {
    seen = fields
  }
  const logger = hidingOf(value).logger({ debug: keep, info: keep, warn: keep, error: keep })
  const hostile = {
    get bad(): string {
      throw new Error('mine')
    },
  }
  logger.error({ error: new DOMException(`late: ${value}`, 'TimeoutError'), hostile, known: new Map([[1, value]]) }, '')
  const { error, hostile: unreadable, known } = seen as { error: Error; hostile: unknown; known: Map<number, string> }
  expect({ name: error.name, message: error.message }).toEqual({ name: 'TimeoutError', message: 'late: [secret K]' })
  expect([unreadable, known.get(1)]).toEqual(['[unreadable]', '[secret K]'])
})

test('all values of a full vault are known, however often one of them was replaced', () => {
  const hiding = new Hiding()
  const secretOf = (n: number): string => `secret "${n}" / of many`
  for (let n = 0; n < mostSecrets; n++) hiding.learn(`N${n}`, secretOf(n))
  for (let n = 0; n < 5_000; n++) hiding.learn('N1', `rotated-${n}`)
  expect(hiding.text(secretOf(0))).toBe('[secret N0]')
  expect(hiding.text('rotated-4999 rotated-4998')).toBe('[secret N1] [secret N1]')
})

test('of two values of which one is the beginning of the other, nothing is left', () => {
  expect(hidingOf('canary-one', 'canary-one-and-more').text('canary-one-and-more canary-one')).toBe(
    '[secret K] [secret K]',
  )
})
