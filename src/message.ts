/** What a person or a model said: an utterance and its typed pieces. */

export interface TextPart {
  type: 'text'
  text: string
}

/** A file that was said: what it is, and where its bytes are kept. */
export interface FilePart {
  /** What model services take it for: pictures and sound in the usual formats; the rest is a file. */
  type: 'image' | 'audio' | 'file'
  /** The file's id, for who wants to look at it. */
  file: string
  /** SHA-256 of its bytes. */
  blob: string
  mediaType: string
  name: string
  /** Bytes. */
  size: number
}

/** How whoever writes a message names a file that was handed in before. */
export interface FileReference {
  type: 'file'
  file: string
}

/** What people say: text and files. */
export type MessagePart = TextPart | FilePart

/** The model asks for a tool. `args` is what the model wrote, parsed but not yet checked. */
export interface ToolCallPart {
  type: 'tool-call'
  callId: string
  name: string
  args: unknown
}

export interface ToolResultPart {
  type: 'tool-result'
  callId: string
  result: unknown
  /** The tool failed, or the call was wrong; the model reads `result` as the reason. */
  isError?: boolean
}

export type Part = MessagePart | ToolCallPart | ToolResultPart

/** One entry of the conversation as a model sees it. */
export interface ModelMessage {
  role: 'user' | 'assistant' | 'tool'
  parts: Part[]
}

/** What somebody said earlier, as a caller tells it. */
export interface Earlier {
  role: 'user' | 'assistant'
  text: string
}

/** A message that was accepted. */
export interface Message {
  id: string
  session: string
  /** Position in its session, from 1; gaps are possible. */
  seq: number
  parts: MessagePart[]
  /** The task that was made for it; `null` for a command such as `/new`. */
  task: string | null
  /** Who said it, where the platform or the caller told. */
  person: Person | null
  /** ms since the epoch, by the database's clock. */
  receivedAt: number
}

/** Who speaks, as the platform or the caller names them. Ids are only unique within an account. */
export interface Person {
  id: string
  name?: string
}

/** The text of a message, its text parts joined. */
export function textOf(parts: readonly Part[]): string {
  let text = ''
  for (const part of parts) if (part.type === 'text') text += part.text
  return text
}
