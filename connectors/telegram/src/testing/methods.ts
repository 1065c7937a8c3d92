/** The methods of the Bot API that a bot of ours calls (core.telegram.org/bots/api#available-methods). */
import type { Chats, Sent, ShownMessage } from './chats.ts'
import type { Flood } from './flood.ts'
import { badRequest, Refusal } from './refusal.ts'
import { formattedText } from './text.ts'
import type { UpdateQueue } from './update-queue.ts'
import type { WebhookSender } from './webhook.ts'

/** Everything Telegram knows of the bot. */
export interface Account {
  bot: { id: number; is_bot: true; first_name: string; username: string }
  updates: UpdateQueue
  chats: Chats
  flood: Flood
  webhook: string
  sender: WebhookSender
  /** Kinds of updates that the last poll asked for; `null` before the first. */
  allowed: string[] | null
}

export type Parameters = Readonly<Record<string, unknown>>

export interface Outcome {
  result: unknown
  /** What was written, so that it can be noted whether the bot was told. */
  sent?: Sent
}

/** `gone` gives a signal that is aborted when who asked has gone away. */
export type Method = (account: Account, parameters: Parameters, gone: () => AbortSignal) => Outcome | Promise<Outcome>

/** By lower-case name: the Bot API does not mind the case. */
export const methods: Readonly<Record<string, Method>> = {
  getme: ({ bot }) => ({ result: bot }),
  getwebhookinfo: ({ webhook }) => ({
    result: { url: webhook, has_custom_certificate: false, pending_update_count: 0 },
  }),
  setwebhook: setWebhook,
  deletewebhook: deleteWebhook,
  getupdates: getUpdates,
  sendmessage: sendMessage,
  editmessagetext: editMessageText,
  sendchataction: sendChatAction,
}

function setWebhook(account: Account, { url, secret_token: secret, allowed_updates: allowed }: Parameters): Outcome {
  if (typeof url !== 'string' || !URL.canParse(url)) throw badRequest('bad webhook: invalid URL')
  if (secret !== undefined && !/^[\w-]{1,256}$/.test(String(secret)))
    throw badRequest('bad webhook: secret token is invalid')
  account.webhook = url
  account.allowed = Array.isArray(allowed) ? (allowed as string[]) : account.allowed
  account.sender.aim({ url, secretToken: secret === undefined ? null : String(secret) })
  return { result: true }
}

function deleteWebhook(account: Account, { drop_pending_updates }: Parameters): Outcome {
  account.webhook = ''
  account.sender.aim(null)
  if (drop_pending_updates === true || drop_pending_updates === 'true') account.updates.drop()
  return { result: true }
}

async function getUpdates(account: Account, parameters: Parameters, gone: () => AbortSignal): Promise<Outcome> {
  if (account.webhook !== '') {
    throw new Refusal(
      409,
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    )
  }
  const { offset, limit, timeout, allowed_updates: allowed } = parameters
  if (allowed !== undefined) account.allowed = typeof allowed === 'string' ? JSON.parse(allowed) : (allowed as string[])
  const updates = await account.updates.poll({
    offset: integer(offset, 0),
    limit: Math.min(100, Math.max(1, integer(limit, 100))),
    timeoutMs: Math.min(50, integer(timeout, 0)) * 1_000,
    gone: gone(),
  })
  return { result: updates }
}

function sendMessage({ chats, flood, bot }: Account, parameters: Parameters): Outcome {
  refuseParseMode(parameters)
  const chat = integer(parameters['chat_id'], 0)
  const content = formattedText(parameters['text'], parameters['entities'])
  chats.writable(chat)
  flood.admit(chat)
  const thread = parameters['message_thread_id'] === undefined ? undefined : integer(parameters['message_thread_id'], 0)
  const { message, sent } = chats.botWrites(chat, content, thread)
  return { result: asMessage(bot, chat, message), sent }
}

function editMessageText({ chats, flood, bot }: Account, parameters: Parameters): Outcome {
  refuseParseMode(parameters)
  const chat = integer(parameters['chat_id'], 0)
  const content = formattedText(parameters['text'], parameters['entities'])
  chats.writable(chat)
  flood.admit(chat)
  const { message, sent } = chats.botEdits(chat, integer(parameters['message_id'], 0), content)
  return { result: { ...asMessage(bot, chat, message), edit_date: seconds(Date.now()) }, sent }
}

function sendChatAction({ chats }: Account, { chat_id, action }: Parameters): Outcome {
  chats.writable(integer(chat_id, 0))
  if (typeof action !== 'string' || action === '') throw badRequest('wrong parameter action in request')
  return { result: true }
}

/** Markup in the text would have to be taken apart as Telegram does it; entities need no taking apart. */
function refuseParseMode({ parse_mode }: Parameters): void {
  if (parse_mode !== undefined) throw badRequest('this fake knows no parse_mode; send entities')
}

function asMessage(bot: Account['bot'], chat: number, message: ShownMessage): object {
  return {
    message_id: message.id,
    from: bot,
    chat: { id: chat, type: 'private' },
    date: seconds(message.at),
    text: message.text,
    ...(message.entities.length === 0 ? {} : { entities: message.entities }),
    ...(message.thread === undefined ? {} : { message_thread_id: message.thread, is_topic_message: true }),
  }
}

/** Numbers may come as text, as all parameters of a form do. */
function integer(value: unknown, missing: number): number {
  if (value === undefined || value === null || value === '') return missing
  const number = Number(value)
  if (!Number.isInteger(number)) throw badRequest(`expected an integer, got ${JSON.stringify(value)}`)
  return number
}

function seconds(ms: number): number {
  return Math.floor(ms / 1_000)
}
