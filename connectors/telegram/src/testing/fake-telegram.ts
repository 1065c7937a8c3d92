import type { AddressInfo } from 'node:net'
import { Chats, type Sent, type ShownMessage } from './chats.ts'
import { type Fault, Faults } from './faults.ts'
import { Flood, type FloodLimits } from './flood.ts'
import { serveBotApi } from './http.ts'
import type { Account } from './methods.ts'
import { UpdateQueue, type UpdateRecord } from './update-queue.ts'
import { WebhookSender } from './webhook.ts'

export interface FakeTelegramOptions {
  /** The bot's token. Default `4242:fake-token-for-tests`. */
  token?: string
  /** The bot's name, without "@". Default `fake_bot`. */
  username?: string
  /** A port of the loopback address. Default: a free one. */
  port?: number
  /** When to answer 429. Default: never. */
  flood?: FloodLimits
  /** Id of the first update. Default 1,000. */
  firstUpdateId?: number
  /** Called for every message and edit of the bot's, before the bot is told. */
  onSent?: (sent: Sent) => void
}

/** A person as the Bot API shows them (core.telegram.org/bots/api#user). */
export interface FakePerson {
  id: number
  first_name: string
  last_name?: string
  username?: string
  language_code?: string
}

/** Telegram with one bot, as the bot sees it over HTTP, as people see it in their chats, and as a judge sees it. */
export interface FakeTelegram {
  /** What goes into `apiRoot`. */
  readonly url: string
  readonly token: string

  /**
   * A person writes to the bot; returns the id of the update. In a private chat the chat has the person's id; a negative
   * id is a group.
   */
  say(chat: number, text: string, from?: Partial<FakePerson>): number
  /** Any other update, such as `{ message: { …, sticker } }`, without its id. Returns the id; null if nobody wants it. */
  offer(update: Record<string, unknown>): number | null
  /** Lets the bot write into a chat where nobody wrote first. */
  open(chat: number): void
  /** The person wants to hear nothing more of the bot. */
  block(chat: number): void
  /** A message is deleted. */
  remove(chat: number, message: number): void

  /** What stands in a chat. */
  chat(chat: number): readonly ShownMessage[]
  /**
   * The bot's next message or edit in a chat, behind the one that was last returned here, that satisfies the predicate;
   * waits up to `timeoutMs` (default 5,000).
   */
  next(chat: number, predicate?: (message: ShownMessage) => boolean, timeoutMs?: number): Promise<ShownMessage>

  /** Every message and edit of the bot's, in order. */
  readonly sends: readonly Sent[]
  /** Every update that arose, in order, and what became of it. */
  readonly updates: readonly UpdateRecord[]
  /** All updates below it were confirmed by the bot. */
  readonly confirmedOffset: number
  /** What the webhook answered, in order; 0 where nothing answered. */
  readonly webhookAnswers: readonly number[]
  /** How often the bot called a method. */
  calls(method: string): number

  /** Plans something to go wrong. */
  fault(fault: Fault): void
  /** Sends updates to a webhook from now on, which keeps them from being polled. */
  setWebhook(url: string): void
  /** The token is not accepted any more; the bot has another one, if one is given. */
  revoke(next?: string): void
  close(): Promise<void>
}

/** Starts a Telegram of one's own on the loopback address. Not for production, though nothing keeps it from running on. */
export async function fakeTelegram(options: FakeTelegramOptions = {}): Promise<FakeTelegram> {
  const { token = '4242:fake-token-for-tests', username = 'fake_bot', firstUpdateId = 1_000 } = options
  const id = Number(token.split(':', 1)[0])
  const queue = new UpdateQueue(firstUpdateId)
  const account: Account = {
    bot: { id, is_bot: true, first_name: 'Fake', username },
    updates: queue,
    sender: new WebhookSender(queue),
    chats: new Chats(options.onSent ?? (() => {})),
    flood: new Flood(options.flood ?? {}),
    webhook: '',
    allowed: null,
  }
  const served = { token: token as string | null, account, faults: new Faults(), calls: new Map<string, number>() }
  const server = serveBotApi(served)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  // A listening TCP server has this kind of address.
  const { port } = server.address() as AddressInfo
  const { updates, chats } = account

  function offer(
    update: Record<string, unknown>,
    chat: number | null = null,
    text: string | null = null,
  ): number | null {
    const [kind = ''] = Object.keys(update)
    return account.allowed?.includes(kind) === false ? null : updates.add(update, { chat, text })
  }

  return {
    url: `http://127.0.0.1:${port}`,
    token,
    say(chat, text, from = {}) {
      const message = chats.personWrites(chat, text)
      const person = { id: Math.abs(chat), is_bot: false, first_name: `Person ${Math.abs(chat)}`, language_code: 'en' }
      const update = {
        message: {
          message_id: message.id,
          from: { ...person, ...from },
          chat: chat < 0 ? { id: chat, type: 'group', title: `Group ${-chat}` } : { id: chat, type: 'private' },
          date: Math.floor(message.at / 1_000),
          text,
        },
      }
      // Every bot takes messages.
      return offer(update, chat, text) as number
    },
    offer(update) {
      const chat = chatOf(update)
      if (chat !== null) chats.open(chat)
      return offer(update, chat)
    },
    open: (chat) => void chats.open(chat),
    block: (chat) => {
      chats.open(chat).blocked = true
    },
    remove: (chat, message) => chats.remove(chat, message),
    chat: (chat) => chats.shown(chat),
    next: (chat, predicate = () => true, timeoutMs = 5_000) => chats.next(chat, predicate, timeoutMs),
    sends: chats.sends,
    updates: updates.records,
    webhookAnswers: account.sender.answers,
    get confirmedOffset() {
      return updates.confirmedOffset
    },
    calls: (method) => served.calls.get(method.toLowerCase()) ?? 0,
    fault: (fault) => served.faults.plan(fault),
    setWebhook: (url) => {
      account.webhook = url
    },
    revoke: (next) => {
      served.token = next ?? null
    },
    async close() {
      updates.close()
      await account.sender.close()
      return new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

function chatOf({ message }: { message?: { chat?: { id?: unknown } } }): number | null {
  return typeof message?.chat?.id === 'number' ? message.chat.id : null
}
