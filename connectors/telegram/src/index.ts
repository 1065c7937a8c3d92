/**
 * Telegram: a bot that people write to in private chats, over long polling, so that it runs anywhere without a public
 * address.
 *
 * 1. In Telegram, write `/newbot` to @BotFather and answer its two questions. It gives you the token.
 * 2. Hand the token over:
 *
 *    ```ts
 *    createAsyncv({
 *      connectors: { tg: telegram({ token: process.env.TELEGRAM_BOT_TOKEN ?? '' }) },
 *      …
 *    })
 *    ```
 *
 *    or `"connectors": { "tg": { "type": "telegram", "options": { "token": "…" } } }` in a configuration file.
 * 3. Write to your bot. It answers nobody yet: the log names your id, and the line to add, such as `allow: [4242]`.
 *    `allow: 'everyone'` lets anyone in who finds it, at your model's cost.
 *
 * One program polls a bot at a time: give a second one its own bot. Messages that arrive while the program is down wait
 * at Telegram for 24 hours (core.telegram.org/bots/api#getting-updates).
 *
 * Without an account, `fakeTelegram` from `@asyncv/telegram/testing` plays Telegram on this machine.
 */
import { type Connector, defineConnector } from 'asyncv'
import { createConnector } from './connector.ts'
import { optionsSchema, resolveOptions, type TelegramOptions } from './options.ts'

export type { TelegramOptions } from './options.ts'

/** A Telegram bot. Throws `config_invalid` for options that cannot be used. */
export function telegram(options: TelegramOptions): Connector {
  return createConnector(resolveOptions(options))
}

/** The same for configurations, by the name `telegram`. */
export const telegramConnector = defineConnector({
  type: 'telegram',
  origin: 'https://api.telegram.org',
  options: optionsSchema,
  create: createConnector,
})
