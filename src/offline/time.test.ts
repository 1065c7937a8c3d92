import { expect, test } from 'vitest'
import { time } from './time.ts'

const call = (input: { timeZone?: string }): unknown =>
  time.run({
    input,
    context: {
      agent: 'helper',
      session: 's',
      task: 't',
      person: null,
      space: 'default',
      metadata: {},
      language: null,
    },
    key: 't/1',
    signal: new AbortController().signal,
  })

test('tells the time of a zone, and names the zone', () => {
  const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', timeZone: 'Asia/Tokyo' }).format(new Date())
  expect(call({ timeZone: 'Asia/Tokyo' })).toMatch(new RegExp(` ${hour}:\\d\\d:\\d\\d .*\\(Asia/Tokyo\\)$`))
})

test("tells the host's time without a zone", () => {
  expect(call({})).toContain(`(${Intl.DateTimeFormat().resolvedOptions().timeZone})`)
})

test('refuses a zone that there is not, and says what to write', () => {
  expect(() => call({ timeZone: 'Mars/Olympus' })).toThrow('Unknown time zone "Mars/Olympus". Use an IANA name')
})
