import { type Operation, SendError } from 'asyncv'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type BotApi, botApi } from './client.ts'
import { resolveOptions } from './options.ts'
import { send } from './send.ts'
import { type FakeTelegram, type Fault, fakeTelegram } from './testing/index.ts'

const signal = new AbortController().signal
const destination = { account: 'tg:4242', conversation: '7' }

let tg: FakeTelegram
let api: BotApi
beforeEach(async () => {
  tg = await fakeTelegram()
  tg.open(7)
  api = botApi(resolveOptions({ token: tg.token, apiRoot: tg.url }))
})
afterEach(async () => {
  await api.close()
  await tg.close()
})

test('posts Markdown with Telegram’s own styles', async () => {
  await send(api, post('**Hello** there'), signal)
  expect(tg.chat(7)).toMatchObject([{ text: 'Hello there', entities: [{ type: 'bold', offset: 0, length: 5 }] }])
})

test('says when the message was posted and edited', async () => {
  const posted = await send(api, post('one'), signal)
  expect(posted).toEqual({ target: String(tg.chat(7)[0]?.id), at: expect.any(Number) })
  expect(Math.abs(posted.at - Date.now())).toBeLessThan(5_000)
  const edited = await send(api, edit(posted.target, 'two'), signal)
  expect(edited.at).toBeGreaterThanOrEqual(posted.at)
})

test('posts into the topic it is told', async () => {
  await send(api, { ...post('hi'), destination: { ...destination, thread: '77' } }, signal)
  expect(tg.chat(7)).toMatchObject([{ text: 'hi', thread: 77 }])
})

test('posts without styles what Telegram refuses with them', async () => {
  tg.fault({ type: 'refuse', code: 400, description: "Bad Request: can't parse entities: unsupported" })
  await send(api, post('**Hello**'), signal)
  expect(tg.chat(7)).toMatchObject([{ text: '**Hello**', entities: [] }])
  expect(tg.calls('sendMessage')).toBe(2)
})

test('does not try again without styles what is refused for another reason', async () => {
  tg.fault({ type: 'refuse', code: 400, description: 'Bad Request: chat not found' })
  await expect(send(api, post('**Hello**'), signal)).rejects.toBeInstanceOf(SendError)
  expect(tg.calls('sendMessage')).toBe(1)
})

test('takes an edit to the same styled text for done', async () => {
  const { target } = await send(api, post('*a* b'), signal)
  expect(await send(api, edit(target, '*a* b'), signal)).toMatchObject({ target })
  expect(tg.sends).toHaveLength(1)
})

const refusal = (code: number, description: string): Fault => ({ type: 'refuse', code, description })

describe.each<[string, Fault, object]>([
  [
    'too many, with a wait',
    { ...refusal(429, 'Too Many Requests: retry after 3'), retryAfter: 3 } as Fault,
    { type: 'not-sent', retryAfterMs: 3_000 },
  ],
  ['too many, without a wait', refusal(429, 'Too Many Requests'), { type: 'not-sent' }],
  ['a bot that was blocked', refusal(403, 'Forbidden: bot was blocked by the user'), { type: 'refused' }],
  ['a person who is gone', refusal(403, 'Forbidden: user is deactivated'), { type: 'refused' }],
  ['a chat that is not there', refusal(400, 'Bad Request: chat not found'), { type: 'refused' }],
  ['any other bad request', refusal(400, 'Bad Request: message is too long'), { type: 'refused' }],
  ['a token that was revoked', refusal(401, 'Unauthorized'), { type: 'not-sent' }],
  ['a token that never was', refusal(404, 'Not Found'), { type: 'not-sent' }],
  ['a breakdown', refusal(500, 'Internal Server Error'), { type: 'uncertain' }],
  ['a broken gateway', { type: 'gateway', status: 502 }, { type: 'uncertain' }],
  ['a gateway that lets nobody through', { type: 'gateway', status: 403 }, { type: 'not-sent' }],
  ['a captive portal', { type: 'gateway', status: 302 }, { type: 'not-sent' }],
  ['a page instead of an answer', { type: 'gateway', status: 200 }, { type: 'uncertain' }],
  ['a connection cut', { type: 'cut-before' }, { type: 'uncertain' }],
])('%s', (_what, fault, failure) => {
  test(`means ${JSON.stringify(failure)}`, async () => {
    tg.fault(fault)
    expect(await failureOf(post('hi'))).toEqual({ ...failure, message: expect.stringContaining('sendMessage') })
  })
})

describe.each([
  ['was deleted', 'Bad Request: message to edit not found'],
  ['is too old to be edited', "Bad Request: message can't be edited"],
  ['never was', 'Bad Request: MESSAGE_ID_INVALID'],
])('a message that %s', (_what, description) => {
  test('is gone', async () => {
    const { target } = await send(api, post('one'), signal)
    tg.fault(refusal(400, description))
    expect(await failureOf(edit(target, 'two'))).toMatchObject({ type: 'gone' })
  })
})

test('an edit into a chat that is closed to the bot is refused, not gone', async () => {
  const { target } = await send(api, post('one'), signal)
  tg.block(7)
  expect(await failureOf(edit(target, 'two'))).toMatchObject({ type: 'refused' })
})

test('says in the error which call failed, and not what was said', async () => {
  tg.block(7)
  const error = await send(api, post('the body of a message'), signal).catch((reason: unknown) => reason)
  expect(String(error)).toMatch(/sendMessage: 403 Forbidden/)
  expect(String(error)).not.toContain('the body')
})

function post(text: string): Extract<Operation, { type: 'post' }> {
  return { type: 'post', destination, parts: [{ type: 'text', text }] }
}

function edit(target: string, text: string): Operation {
  return { type: 'edit', destination, target, parts: [{ type: 'text', text }] }
}

async function failureOf(operation: Operation): Promise<unknown> {
  const error: unknown = await send(api, operation, signal).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(SendError)
  return (error as SendError).failure
}
