import { expect, test } from 'vitest'
import { webhookProblem } from './webhook-problem.ts'

const url = 'https://bots.example.com/connectors/tg'
const now = Math.floor(Date.now() / 1_000)

test.each([
  [{ url, pending_update_count: 0 }],
  [{ url: '', pending_update_count: 3 }],
  [{ url, pending_update_count: 3, last_error_date: now - 3_600, last_error_message: 'Connection refused' }],
  [{ url, pending_update_count: 0, last_error_date: now, last_error_message: 'Connection refused' }],
])('%j is no problem', (info) => {
  expect(webhookProblem(info, url)).toBeNull()
})

test('a webhook that Telegram does not reach is one, with what Telegram says', () => {
  const info = { url, pending_update_count: 3, last_error_date: now, last_error_message: 'SSL error' }
  expect(webhookProblem(info, url)?.problem).toMatch(/does not reach .*SSL error. 3 updates wait/)
})

test('a webhook at another address is one, and no path of it is told: it may be secret', () => {
  const found = webhookProblem({ url: 'https://other.example.com/secret', pending_update_count: 0 }, url)
  expect(found?.problem).toMatch(/sends to https:\/\/other.example.com, not to/)
  expect(found?.problem).not.toMatch(/secret/)
})
