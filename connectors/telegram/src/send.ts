/** One operation of the outbox as calls of the Bot API. */
import {
  type Destination,
  type Operation,
  type Receipt,
  SendError,
  type SendFailure,
  systemClock,
  textOf,
} from 'asyncv'
import { z } from 'zod'
import { CallError, type CallFailure } from './call-error.ts'
import type { BotApi } from './client.ts'
import { render } from './render.ts'

/** Rejects with `SendError`. */
export async function send(api: BotApi, operation: Operation, signal: AbortSignal): Promise<Receipt> {
  try {
    switch (operation.type) {
      case 'post':
        return await write(api, 'sendMessage', placeOf(operation.destination), operation, signal)
      case 'edit':
        return await edit(api, operation, signal)
      case 'typing':
        await api.call('sendChatAction', { ...placeOf(operation.destination), action: 'typing' }, { signal })
        // Telegram gives the sign no id, and nobody asks for one.
        return { target: '', at: systemClock.now() }
    }
  } catch (error) {
    throw new SendError(failureOf(error, operation), { cause: error })
  }
}

type Edit = Extract<Operation, { type: 'edit' }>

async function edit(api: BotApi, operation: Edit, signal: AbortSignal): Promise<Receipt> {
  const { destination, target } = operation
  const message = { chat_id: chatId(destination), message_id: Number(target) }
  try {
    return await write(api, 'editMessageText', message, operation, signal)
  } catch (error) {
    // It stands there as it should: so an edit can be repeated.
    if (refusedWith(error, /message is not modified/i)) return { target, at: systemClock.now() }
    throw error
  }
}

const writtenSchema = z.object({ message_id: z.int(), date: z.int(), edit_date: z.int().optional() })

/** Writes a text into a new or an old message; without its styles, when Telegram does not take them. */
async function write(
  api: BotApi,
  method: 'sendMessage' | 'editMessageText',
  place: object,
  { parts }: Extract<Operation, { type: 'post' | 'edit' }>,
  signal: AbortSignal,
): Promise<Receipt> {
  const source = textOf(parts)
  const { text, entities } = render(source)
  // A preview of a link that the model happened to mention would be larger than the answer.
  const quiet = { ...place, link_preview_options: { is_disabled: true } }
  const styled = entities.length === 0 ? { ...quiet, text } : { ...quiet, text, entities }
  const result = await api.call(method, styled, { signal }).catch((error: unknown) => {
    // A refused message was not posted, so this is no second one.
    if (entities.length === 0 || !refusedWith(error, /entit/i)) throw error
    return api.call(method, { ...quiet, text: source }, { signal })
  })
  const written = writtenSchema.parse(result)
  return { target: String(written.message_id), at: (written.edit_date ?? written.date) * 1_000 }
}

function placeOf(destination: Destination): object {
  const chat_id = chatId(destination)
  return destination.thread === undefined ? { chat_id } : { chat_id, message_thread_id: Number(destination.thread) }
}

/** Ids are numbers; `@channel` is the only other form (core.telegram.org/bots/api#sendmessage). */
function chatId({ conversation }: Destination): number | string {
  return /^-?\d+$/.test(conversation) ? Number(conversation) : conversation
}

function refusedWith(error: unknown, description: RegExp): boolean {
  return error instanceof CallError && error.failure.type === 'refused' && description.test(error.failure.description)
}

function failureOf(error: unknown, operation: Operation): SendFailure {
  if (error instanceof CallError) return { ...meaningOf(error.failure, operation), message: error.message }
  // Telegram said yes in words that nobody understands.
  return { type: 'uncertain', message: error instanceof Error ? error.message : String(error) }
}

type Meaning = { type: Exclude<SendFailure['type'], 'not-sent'> } | { type: 'not-sent'; retryAfterMs?: number }

function meaningOf(failure: CallFailure, operation: Operation): Meaning {
  switch (failure.type) {
    case 'unsent':
      return { type: 'not-sent' }
    case 'cut':
      return { type: 'uncertain' }
    case 'foreign':
      // A gateway that turns us away (redirect, 4xx) has passed nothing on; one that broke may have.
      return { type: failure.status >= 300 && failure.status < 500 ? 'not-sent' : 'uncertain' }
    case 'refused':
      return meaningOfRefusal(failure, operation)
  }
}

/** Telegram names its reasons in words alone; these have been the same for years (github.com/tdlib/telegram-bot-api). */
const gone = /message to edit not found|message can't be edited|MESSAGE_ID_INVALID/i

function meaningOfRefusal(
  { code, description, retryAfterMs }: Extract<CallFailure, { type: 'refused' }>,
  operation: Operation,
): Meaning {
  if (code === 429) return { type: 'not-sent', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
  // 401 and 404 are about the token: once that is mended, the message can go.
  if (code === 401 || code === 404) return { type: 'not-sent' }
  if (code >= 500) return { type: 'uncertain' }
  return { type: operation.type === 'edit' && gone.test(description) ? 'gone' : 'refused' }
}
