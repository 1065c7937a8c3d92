/**
 * A Telegram on this machine, for tests of bots and for trying one without an account:
 *
 * ```ts
 * const tg = await fakeTelegram()
 * const connector = telegram({ token: tg.token, apiRoot: tg.url, allow: 'everyone' })
 * tg.say(7, 'hello')
 * const answer = await tg.next(7)
 * ```
 *
 * It speaks the Bot API over HTTP and refuses what the real one refuses.
 */
export { type FakePerson, type FakeTelegram, type FakeTelegramOptions, fakeTelegram } from './fake-telegram.ts'
export type { Sent, ShownMessage } from './chats.ts'
export type { Fault, FaultScope } from './faults.ts'
export type { FloodLimits } from './flood.ts'
export type { UpdateRecord } from './update-queue.ts'
