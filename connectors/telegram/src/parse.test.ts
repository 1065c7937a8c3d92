import { describe, expect, test } from 'vitest'
import { parseUpdate } from './parse.ts'

const bot = { account: 'tg:4242', username: 'helper_bot' }

const ada = { id: 7, is_bot: false, first_name: 'Ada', last_name: 'L.', username: 'ada', language_code: 'en-GB' }
const chat = { id: 7, first_name: 'Ada', last_name: 'L.', username: 'ada', type: 'private' }
const said = { message_id: 31, from: ada, chat, date: 1_790_000_000 }
const where = {
  eventId: 'message:7:31',
  from: { account: 'tg:4242', conversation: '7' },
  person: { id: '7', name: 'Ada L.' },
  language: 'en-GB',
}

const photo = [
  { file_id: 'AgACAgIAAxkBAAM', file_unique_id: 'AQADxcAxG0', file_size: 1_253, width: 90, height: 67 },
  { file_id: 'AgACAgIAAxkBAAN', file_unique_id: 'AQADxcAxG1', file_size: 14_880, width: 320, height: 240 },
]

test('takes a text', () => {
  const update = { update_id: 873_000_123, message: { ...said, text: 'What is **this**?' } }
  const parts = [{ type: 'text', text: 'What is **this**?' }]
  expect(parseUpdate(update, bot)).toEqual({ type: 'inbound', inbound: { type: 'message', parts, ...where } })
})

test('takes the caption of a photo for its text', () => {
  const update = { update_id: 1, message: { ...said, photo, caption: 'Look' } }
  expect(parseUpdate(update, bot)).toMatchObject({ inbound: { type: 'message', parts: [{ text: 'Look' }] } })
})

test('takes a reply in a private chat for a message of that chat', () => {
  const reply = {
    ...said,
    text: 'Yes',
    message_thread_id: 12,
    reply_to_message: { ...said, message_id: 12, text: '?' },
  }
  expect(parseUpdate({ update_id: 1, message: reply }, bot)).toMatchObject({ inbound: where })
})

test('keeps the topics of a private chat apart', () => {
  const update = {
    update_id: 1,
    message: { ...said, text: 'Hi', message_thread_id: 77, is_topic_message: true },
  }
  const from = { account: 'tg:4242', conversation: '7', thread: '77' }
  expect(parseUpdate(update, bot)).toMatchObject({ inbound: { from } })
})

test('replaces half characters, which no disk and no model take', () => {
  const update = { update_id: 1, message: { ...said, text: 'a\ud83d' } }
  expect(parseUpdate(update, bot)).toMatchObject({ inbound: { parts: [{ text: 'a\ufffd' }] } })
})

test('knows a person without a last name or language', () => {
  const update = { update_id: 1, message: { ...said, from: { id: 7, is_bot: false, first_name: 'Ada' }, text: 'Hi' } }
  const parsed = parseUpdate(update, bot)
  expect(parsed).toMatchObject({ inbound: { person: { id: '7', name: 'Ada' } } })
  expect(parsed).not.toHaveProperty('inbound.language')
})

describe.each([
  ['/new', 'new'],
  ['/stop', 'stop'],
  ['/start', 'start'],
  ['/start ref_17', 'start'],
  ['/New', 'new'],
  ['/new@helper_bot', 'new'],
  ['/new@Helper_Bot', 'new'],
  [' /stop ', 'stop'],
])('%j', (text, command) => {
  test(`is the command ${command}`, () => {
    const entities = [{ offset: 0, length: text.trim().length, type: 'bot_command' }]
    const update = { update_id: 1, message: { ...said, text, entities } }
    expect(parseUpdate(update, bot)).toEqual({ type: 'inbound', inbound: { type: 'command', command, ...where } })
  })
})

describe.each(['/help', '/new tell me a joke', '/stop it', '/new@other_bot', 'see /new', '/newer', '/', '//new'])(
  '%j',
  (text) => {
    test('is a message, word for word', () => {
      const update = { update_id: 1, message: { ...said, text } }
      expect(parseUpdate(update, bot)).toMatchObject({ inbound: { type: 'message', parts: [{ text }] } })
    })
  },
)

describe.each([
  ['a photo', { photo }],
  ['a sticker', { sticker: { file_id: 'CAACAgIAAxkBAAI', type: 'regular', width: 512, height: 512, emoji: '👍' } }],
  ['a voice message', { voice: { file_id: 'AwACAgIAAxkBAAI', duration: 3, mime_type: 'audio/ogg', file_size: 9_214 } }],
  ['a location', { location: { latitude: 48.85, longitude: 2.35 } }],
])('%s without words', (_what, content) => {
  test('is nothing that an agent can read', () => {
    const update = { update_id: 1, message: { ...said, ...content } }
    expect(parseUpdate(update, bot)).toEqual({ type: 'inbound', inbound: { type: 'unsupported', ...where } })
  })
})

describe.each([
  ['a pinned message', { message: { ...said, pinned_message: { ...said, text: 'old' } } }],
  ['a new timer', { message: { ...said, message_auto_delete_timer_changed: { message_auto_delete_time: 86_400 } } }],
  ['an edit', { edited_message: { ...said, text: 'Hi', edit_date: 1_790_000_100 } }],
  [
    'a blocked bot',
    { my_chat_member: { chat, from: ada, date: 1_790_000_000, new_chat_member: { status: 'kicked' } } },
  ],
  ['what nobody understands', { message: { text: 'Hi' } }],
])('%s', (_what, content) => {
  test('is passed over', () => {
    expect(parseUpdate({ update_id: 1, ...content }, bot)).toEqual({ type: 'nothing' })
  })
})

describe.each(['group', 'supergroup', 'channel'])('what is said in a %s', (type) => {
  test('is passed over by the name of its chat', () => {
    const message = { ...said, chat: { id: -1001, type, title: 'Friends' }, text: 'Hi all' }
    expect(parseUpdate({ update_id: 1, message }, bot)).toEqual({ type: 'group', chat: '-1001', title: 'Friends' })
  })
})
