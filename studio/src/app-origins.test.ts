import { expect, test } from 'vitest'
import { readAppOrigins } from './app-origins.ts'

const studio = new URL('https://studio.example')

test.each([
  ['https://pages.example', 'https://pages.example', 'https://pages.example'],
  ['https://pages.example/', 'https://pages.example', 'https://pages.example'],
  ['https://pages.example:443/studio/', 'https://pages.example', 'https://pages.example/studio'],
  ['https://pages.example:8443/a/b', 'https://pages.example:8443', 'https://pages.example:8443/a/b'],
  ['https://Pages.Example', 'https://pages.example', 'https://pages.example'],
  ['https://页面.example', 'https://xn--vs5a3u.example', 'https://xn--vs5a3u.example'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['http://localhost:8080/studio/', 'http://localhost:8080', 'http://localhost:8080/studio'],
])('%s is the origin %s with its pages at %s', (value, origin, url) => {
  expect(readAppOrigins([value], studio)).toEqual([{ origin, url }])
})

test.each([
  ['*', 'Write the scheme'],
  ['https://*', 'Write the scheme'],
  ['https://*.pages.example', 'Write the scheme'],
  ['null', 'Write the scheme'],
  ['', 'Write the scheme'],
  ['pages.example', 'Write the scheme'],
  ['file:///pages', 'Write the scheme'],
  ['https://ann:secret@pages.example', 'Write the scheme'],
  ['https://pages.example?a', 'Write the scheme'],
  ['https://pages.example#a', 'Write the scheme'],
  ['http://pages.example', 'Use https'],
  ['http://127.0.0.1.evil.example', 'Use https'],
  ['http://192.168.0.7', 'Use https'],
  ['https://studio.example/pages/', 'Leave it out'],
])('%j is refused with the value and the way out', (value, hint) => {
  expect(() => readAppOrigins([value], studio)).toThrow(
    expect.objectContaining({
      code: 'config_invalid',
      message: expect.stringContaining(JSON.stringify(value)),
      hint: expect.stringContaining(hint),
    }),
  )
})

test('a page of https cannot call a Studio without it, and is told so at the start', () => {
  const behind = new URL('http://studio.example')
  expect(() => readAppOrigins(['https://pages.example'], behind)).toThrow(
    expect.objectContaining({
      hint: expect.stringContaining('No browser lets a page of https call http://studio.example'),
    }),
  )
})
