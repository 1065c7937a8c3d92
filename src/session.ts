/**
 * The conversation an agent remembers. Its address says who talks where: `tg:<bot id>:<chat>:<thread or ->` for a
 * connector, `api:<space>:<agent>:<caller's id>` for an API caller. `/new` closes a session and opens the next
 * generation at the same address.
 */
export interface Session {
  id: string
  address: string
  generation: number
  agent: string
  /** Who may see it: callers of one space see nothing of another. Chats of connectors belong to `default`. */
  space: string
  createdAt: number
  lastAt: number
  closedAt: number | null
}

/** The space of whatever comes without one: calls without a key, and the chats of connectors. */
export const defaultSpace = 'default'

/** A place on a chat platform where a reply can go. */
export interface Destination {
  /** The platform and the account there, such as `tg:<bot id>`: it outlives the connector's name in the configuration. */
  account: string
  conversation: string
  thread?: string
}

/** A destination as one string: the address of its session and the key of its order in the outbox. */
export function addressOf({ account, conversation, thread }: Destination): string {
  return `${account}:${escaped(conversation)}:${thread === undefined ? '-' : escaped(thread)}`
}

/** The destination that an address of a connector's session was made from. */
export function destinationOf(address: string): Destination {
  const threadAt = address.lastIndexOf(':')
  const conversationAt = address.lastIndexOf(':', threadAt - 1)
  const account = address.slice(0, conversationAt)
  const conversation = decodeURIComponent(address.slice(conversationAt + 1, threadAt))
  const thread = address.slice(threadAt + 1)
  return thread === '-' ? { account, conversation } : { account, conversation, thread: decodeURIComponent(thread) }
}

/** Keeps ":" for our own use, and a thread called "-" apart from none. */
function escaped(id: string): string {
  return id === '-' ? '%2D' : /[:%]/.test(id) ? id.replaceAll('%', '%25').replaceAll(':', '%3A') : id
}

/** The caller's own id of the conversation, from the address of its session: what `send` takes as `session`. */
export function callerSession(address: string): string {
  // api:<space>:<agent>:<id>; only the id may hold a colon
  return address.split(':').slice(3).join(':')
}
