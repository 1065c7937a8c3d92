/** What `telegram()` takes, checked once; nothing below sees `undefined` where there is a default. */
import { AsyncvError, secretText } from 'asyncv'
import { z } from 'zod'

/** ms; 2^31 − 1 is the longest a timer can wait. */
const ms = (least: number) => z.int().min(least).max(2_147_483_647)

const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// URL' })

/** The secret and people's messages go there. */
function isSafe(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
}

export const optionsSchema = z.strictObject({
  /** What @BotFather gave, `<bot id>:<secret>`. Never printed; the bot id, which is public, names the account. */
  token: secretText(/^\d{1,20}:[\w-]+$/, 'expected a bot token as @BotFather gives it, <digits>:<secret>'),
  /** Where the Bot API is: Telegram's own, a local Bot API server, or a fake. */
  apiRoot: httpUrl.default('https://api.telegram.org').transform((url) => url.replace(/\/+$/, '')),
  /**
   * Ids of the people who may talk to the bot, or `everyone`. Without it the bot answers nobody, and logs the id of
   * whoever writes, so that it can be added here.
   */
  allow: z
    .union([z.literal('everyone'), z.array(z.union([z.int().positive(), z.string().regex(/^\d+$/)]))], {
      error: 'expected a list of people’s ids, such as [4242], or "everyone"',
    })
    .default([])
    .transform((allow) => (allow === 'everyone' ? allow : allow.map(String))),
  /**
   * Has Telegram send what people write to the service, instead of asking for it: then the connector is reached at
   * `/connectors/<its name>` of the service's public address.
   */
  webhook: z
    .strictObject({
      /** Where Telegram reaches this connector. https; http only on this machine. */
      url: httpUrl.refine(isSafe, 'expected an https:// URL'),
      /** What Telegram sends along, so that nobody else can speak for it: 1 to 256 of A-Z, a-z, 0-9, `_` and `-`. */
      secretToken: secretText(/^[\w-]{1,256}$/, 'expected 1 to 256 letters, digits, "_" or "-"'),
      /**
       * How many updates Telegram sends at once, 1 to 100. Default 1: with more, two messages that somebody writes in the
       * same moment may come in the wrong order.
       */
      maxConnections: z.int().min(1).max(100).default(1),
    })
    .optional(),
  /** How fast to send; 0 lifts a limit. Telegram's own advice (core.telegram.org/bots/faq#my-bot-is-hitting-limits). */
  limits: z
    .strictObject({
      /** Least ms between two messages to one chat. Default 1,000: "avoid sending more than one message per second". */
      perChatMs: ms(0).default(1_000),
      /** Messages to one group in a minute. Default 20: "not be able to send more than 20 messages per minute". */
      perGroupPerMinute: z.int().min(0).default(20),
      /** Messages in a second, all chats together. Default 30: "no more than about 30 messages per second". */
      perSecond: z.int().min(0).default(30),
    })
    .prefault({}),
  /** Shows the answer while it is being written: a placeholder, then edits. Default true. */
  streaming: z.boolean().default(true),
  /** An answer that is done sooner is posted once, without a placeholder. ms, default 1,500. */
  placeholderAfterMs: ms(0).default(1_500),
  /** What stands in the chat until the first words are there. Default "…". */
  placeholder: z.string().trim().min(1).max(4_096).default('…'),
  timeouts: z
    .strictObject({
      /** To connect, TLS included. ms, default 10,000. */
      connectMs: ms(100).default(10_000),
      /** From a request to the end of its answer; a poll gets `pollMs` on top. ms, default 20,000. */
      answerMs: ms(100).default(20_000),
      /**
       * How long Telegram holds a poll open when there is nothing new. ms, in whole seconds as the Bot API counts them
       * (core.telegram.org/bots/api#getupdates). At least 1,000, default 30,000.
       */
      pollMs: z.int().min(1_000).max(50_000).multipleOf(1_000).default(30_000),
    })
    .prefault({}),
  /** Waits after failed polls: they double, half of each drawn by lot. */
  backoff: z
    .strictObject({
      /** ms, default 500. */
      firstMs: ms(1).default(500),
      /** ms, default 30,000. */
      maxMs: ms(1).default(30_000),
    })
    .prefault({}),
  /** An HTTP proxy for all of this connector's connections, such as `http://127.0.0.1:3128`. Default: none. */
  proxy: httpUrl.optional(),
})

/** What a person writes. */
export type TelegramOptions = z.input<typeof optionsSchema>

/** The same with every default filled in. */
export type ResolvedOptions = z.output<typeof optionsSchema>

/** Their values may hold a secret: the token itself, or a password inside a URL. */
const secretive = new Set<PropertyKey | undefined>(['token', 'apiRoot', 'proxy', 'webhook', undefined])

/** Checks options given in code. Throws `config_invalid` with the place, the value (no secret) and what was expected. */
export function resolveOptions(options: TelegramOptions): ResolvedOptions {
  const checked = optionsSchema.safeParse(options, { reportInput: true })
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  const place = ['telegram(options)', ...(issue?.path ?? [])].join('.')
  const value = secretive.has(issue?.path[0]) ? '' : ` is ${JSON.stringify(issue?.input)}`
  throw new AsyncvError('config_invalid', `${place}${value}: ${issue?.message ?? 'not usable'}.`, {
    hint: 'The options and their defaults are listed in the README of @asyncv/telegram.',
  })
}

/** The bot's id, which a token begins with. */
export function botId(token: string): string {
  return token.slice(0, token.indexOf(':'))
}
