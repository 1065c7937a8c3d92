import { AsyncvError } from 'asyncv'
import { describe, expect, test } from 'vitest'
import { telegram, telegramConnector } from './index.ts'
import { resolveOptions, type TelegramOptions } from './options.ts'

const token = '4242:a-secret-that-nobody-may-see'

test('needs a token and nothing else', () => {
  expect(resolveOptions({ token })).toEqual({
    token,
    apiRoot: 'https://api.telegram.org',
    allow: [],
    limits: { perChatMs: 1_000, perGroupPerMinute: 20, perSecond: 30 },
    streaming: true,
    placeholderAfterMs: 1_500,
    placeholder: '…',
    timeouts: { connectMs: 10_000, answerMs: 20_000, pollMs: 30_000 },
    backoff: { firstMs: 500, maxMs: 30_000 },
  })
})

test('takes ids of people as numbers or text', () => {
  expect(resolveOptions({ token, allow: [7, '8'] }).allow).toEqual(['7', '8'])
})

describe.each([
  ['a token without digits', { token: 'hunter2' }, /^telegram\(options\)\.token: expected a bot token/],
  ['a token of the wrong type', { token: 42 }, /^telegram\(options\)\.token: .*string/],
  ['an unknown key', { token, tokn: 1 }, /"tokn"/],
  ['an unknown key further down', { token, limits: { perChat: 1 } }, /limits .*"perChat"/],
  ['anybody by another word', { token, allow: 'all' }, /\.allow is "all": expected a list/],
  ['a limit below nothing', { token, limits: { perChatMs: -1 } }, /\.limits\.perChatMs is -1/],
  ['half a second to hold a poll', { token, timeouts: { pollMs: 500 } }, /\.timeouts\.pollMs is 500/],
  ['another protocol', { token, apiRoot: 'ftp://127.0.0.1' }, /\.apiRoot: expected an http/],
  ['a blank placeholder', { token, placeholder: '  ' }, /\.placeholder/],
  ['nothing', undefined, /object/],
])('given %s', (_what, options, message) => {
  test('says the place and the way out, and no secret', () => {
    const error = thrownBy(() => telegram(options as TelegramOptions))
    expect(error).toBeInstanceOf(AsyncvError)
    expect(error).toMatchObject({ code: 'config_invalid', message: expect.stringMatching(message) })
    expect(error.hint).not.toBe('')
    expect(JSON.stringify(error)).not.toMatch(/hunter2|nobody-may-see/)
  })
})

test('makes the same connector from a configuration', () => {
  const options = telegramConnector.options.parse({ token, streaming: false })
  expect(telegramConnector.create(options).supports).toMatchObject({ textLimit: 4_096, streaming: null })
  expect(telegramConnector.type).toBe('telegram')
})

function thrownBy(act: () => unknown): AsyncvError {
  try {
    act()
  } catch (error) {
    return error as AsyncvError
  }
  throw new Error('nothing was thrown')
}
