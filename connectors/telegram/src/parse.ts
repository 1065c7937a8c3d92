/** An update of the Bot API (core.telegram.org/bots/api#update) as what came in. Pure. */
import type { Inbound } from 'asyncv'
import { z } from 'zod'

/** The bot that the update is for. */
export interface Bot {
  /** `tg:<bot id>`. */
  account: string
  /** Without "@". */
  username: string
}

export type Parsed =
  | { type: 'inbound'; inbound: Inbound }
  /** Said in a group or channel, where this connector does not answer. */
  | { type: 'group'; chat: string; title: string }
  /** No person said it: a service message, or a kind of update that was not asked for. */
  | { type: 'nothing' }

export function parseUpdate(update: unknown, bot: Bot): Parsed {
  const message = updateSchema.safeParse(update).data?.message
  if (message === undefined) return { type: 'nothing' }
  const { chat, from } = message
  if (chat.type !== 'private') return { type: 'group', chat: String(chat.id), title: chat.title ?? '' }

  const text = message.text ?? message.caption
  if (text === undefined && !contents.some((content) => content in message)) return { type: 'nothing' }
  const name = [from?.first_name, from?.last_name].filter((part) => part !== undefined).join(' ')
  const base = {
    // Not the update's id: after a week without updates those begin anew anywhere (core.telegram.org/bots/api#update),
    // and one that was used before would be taken for a repeat.
    eventId: `message:${chat.id}:${message.message_id}`,
    from: {
      account: bot.account,
      conversation: String(chat.id),
      // Only a topic is a conversation of its own; replies have a thread id too.
      ...(message.is_topic_message && message.message_thread_id !== undefined
        ? { thread: String(message.message_thread_id) }
        : {}),
    },
    // In a private chat the chat has the id of the person.
    person: { id: String(from?.id ?? chat.id), ...(name === '' ? {} : { name: name.toWellFormed() }) },
    ...(from?.language_code === undefined ? {} : { language: from.language_code }),
  }
  if (text === undefined) return { type: 'inbound', inbound: { type: 'unsupported', ...base } }
  const command = commandOf(text, bot)
  if (command !== null) return { type: 'inbound', inbound: { type: 'command', command, ...base } }
  const parts = [{ type: 'text' as const, text: text.toWellFormed() }]
  return { type: 'inbound', inbound: { type: 'message', parts, ...base } }
}

/**
 * Words behind a command make it a message, so that they are not lost; but those behind `/start` are the payload of the
 * link that led to the bot (core.telegram.org/bots/features#deep-linking).
 */
function commandOf(text: string, bot: Bot): 'new' | 'stop' | 'start' | null {
  const [, name = '', username, words = ''] = /^\/(\w+)(?:@(\w+))?(?:\s+([\s\S]*))?$/.exec(text.trim()) ?? []
  if (username !== undefined && username.toLowerCase() !== bot.username.toLowerCase()) return null
  switch (name.toLowerCase()) {
    case 'start':
      return 'start'
    case 'new':
      return words === '' ? 'new' : null
    case 'stop':
      return words === '' ? 'stop' : null
    default:
      return null
  }
}

/**
 * The kinds of content that a person sends (core.telegram.org/bots/api#message). All other fields without text are
 * service messages, such as a new chat background.
 */
const contents = [
  'animation',
  'audio',
  'checklist',
  'contact',
  'dice',
  'document',
  'game',
  'location',
  'paid_media',
  'photo',
  'poll',
  'sticker',
  'story',
  'venue',
  'video',
  'video_note',
  'voice',
] as const

const updateSchema = z.object({
  message: z
    .looseObject({
      message_id: z.int(),
      message_thread_id: z.int().optional(),
      is_topic_message: z.boolean().optional(),
      from: z
        .object({
          id: z.int(),
          first_name: z.string().optional(),
          last_name: z.string().optional(),
          language_code: z.string().optional(),
        })
        .optional(),
      chat: z.object({ id: z.int(), type: z.string(), title: z.string().optional() }),
      text: z.string().optional(),
      caption: z.string().optional(),
    })
    .optional(),
})
