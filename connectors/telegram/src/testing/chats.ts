/** The chats of one bot: what stands in them, and how it came there. */
import type { Entity } from '../page.ts'
import { badRequest, Refusal } from './refusal.ts'
import type { FormattedText } from './text.ts'

/** A message as it stands in its chat now. */
export interface ShownMessage {
  id: number
  from: 'bot' | 'person'
  text: string
  entities: readonly Entity[]
  /** ms since the epoch. */
  at: number
  /** How often it was edited. */
  edits: number
  thread?: number
}

/** One thing that the bot wrote: what a judge reads. */
export interface Sent {
  /** Its place among all that the bot wrote, from 1. */
  n: number
  at: number
  method: 'sendMessage' | 'editMessageText'
  chat: number
  message: number
  text: string
  /** False when the connection was cut before the bot was told. */
  told: boolean
}

interface Chat {
  messages: ShownMessage[]
  /** Each state that a message of the bot's was in, in order; what `next` reads. */
  changes: ShownMessage[]
  /** How many of them `next` has passed. */
  read: number
  watchers: Set<() => void>
  blocked: boolean
}

export class Chats {
  readonly sends: Sent[] = []
  readonly #chats = new Map<number, Chat>()
  readonly #onSent: (sent: Sent) => void
  #messageId = 0

  constructor(onSent: (sent: Sent) => void) {
    this.#onSent = onSent
  }

  /** The chat, which begins when somebody writes first. */
  open(id: number): Chat {
    const known = this.#chats.get(id)
    if (known !== undefined) return known
    const chat: Chat = { messages: [], changes: [], read: 0, watchers: new Set(), blocked: false }
    this.#chats.set(id, chat)
    return chat
  }

  shown(id: number): readonly ShownMessage[] {
    return this.#chats.get(id)?.messages ?? []
  }

  personWrites(id: number, text: string): ShownMessage {
    const message: ShownMessage = { ...this.#newMessage('person'), text, entities: [] }
    this.open(id).messages.push(message)
    return message
  }

  botWrites(id: number, content: FormattedText, thread?: number): { message: ShownMessage; sent: Sent } {
    const chat = this.writable(id)
    const message: ShownMessage = {
      ...this.#newMessage('bot'),
      ...content,
      ...(thread === undefined ? {} : { thread }),
    }
    chat.messages.push(message)
    return { message, sent: this.#record('sendMessage', id, chat, message) }
  }

  botEdits(id: number, messageId: number, content: FormattedText): { message: ShownMessage; sent: Sent } {
    const chat = this.writable(id)
    const at = chat.messages.findLastIndex((candidate) => candidate.id === messageId)
    const old = chat.messages[at]
    if (old === undefined) throw badRequest('message to edit not found')
    if (old.from !== 'bot') throw badRequest("message can't be edited")
    if (old.text === content.text && JSON.stringify(old.entities) === JSON.stringify(content.entities)) {
      throw badRequest(
        'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
      )
    }
    const message = { ...old, ...content, edits: old.edits + 1 }
    chat.messages[at] = message
    return { message, sent: this.#record('editMessageText', id, chat, message) }
  }

  /** The chat, if the bot may write there. */
  writable(id: number): Chat {
    const chat = this.#chats.get(id)
    if (chat === undefined) throw badRequest('chat not found')
    if (chat.blocked) throw new Refusal(403, 'Forbidden: bot was blocked by the user')
    return chat
  }

  remove(id: number, messageId: number): void {
    const chat = this.open(id)
    chat.messages = chat.messages.filter((message) => message.id !== messageId)
  }

  /** The first change behind the last one that was read here that satisfies the predicate; waits for it if need be. */
  next(id: number, predicate: (message: ShownMessage) => boolean, timeoutMs: number): Promise<ShownMessage> {
    const chat = this.open(id)
    return new Promise((resolve, reject) => {
      const look = (): void => {
        for (let change = chat.changes[chat.read]; change !== undefined; change = chat.changes[chat.read]) {
          chat.read += 1
          if (!predicate(change)) continue
          clearTimeout(timer)
          chat.watchers.delete(look)
          return resolve(change)
        }
      }
      const timer = setTimeout(() => {
        chat.watchers.delete(look)
        const texts = chat.messages.map(({ from, text }) => `${from}: ${text}`)
        reject(new Error(`Chat ${id} did not show it within ${timeoutMs} ms. It shows:\n${texts.join('\n')}`))
      }, timeoutMs)
      chat.watchers.add(look)
      look()
    })
  }

  #newMessage(from: ShownMessage['from']): Pick<ShownMessage, 'id' | 'from' | 'at' | 'edits'> {
    this.#messageId += 1
    return { id: this.#messageId, from, at: Date.now(), edits: 0 }
  }

  #record(method: Sent['method'], id: number, chat: Chat, message: ShownMessage): Sent {
    const n = this.sends.length + 1
    const sent: Sent = { n, at: Date.now(), method, chat: id, message: message.id, text: message.text, told: false }
    this.sends.push(sent)
    chat.changes.push(message)
    for (const watcher of [...chat.watchers]) watcher()
    this.#onSent(sent)
    return sent
  }
}
