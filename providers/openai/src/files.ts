/** Files that a message names, as content of a request. */
import type { FilePart, MessagePart, ModelRequest, Part, ProviderCall } from 'asyncv'

/** Source: platform.openai.com/docs/api-reference/chat/create, "User message". */
export type ChatContent =
  | { type: 'text'; text: string }
  | { type: 'image_url'; image_url: { url: string } }
  | { type: 'input_audio'; input_audio: { data: string; format: 'mp3' | 'wav' } }
  | { type: 'file'; file: { filename: string; file_data: string } }

/** By their blob; null for those that are kept no more. */
export type FileBytes = ReadonlyMap<string, Uint8Array | null>

export function namesFiles({ messages }: Pick<ModelRequest, 'messages'>): boolean {
  return messages.some(({ role, parts }) => role === 'user' && parts.some(isFile))
}

/** Everything that the messages name, each read once. */
export async function readFiles(
  { messages }: Pick<ModelRequest, 'messages'>,
  readFile: NonNullable<ProviderCall['readFile']>,
): Promise<FileBytes> {
  const files = new Map<string, Uint8Array | null>()
  for (const part of messages.flatMap(({ parts }) => parts)) {
    if (isFile(part) && !files.has(part.blob)) files.set(part.blob, await readFile(part))
  }
  return files
}

export function isFile(part: Part): part is FilePart {
  return part.type === 'image' || part.type === 'audio' || part.type === 'file'
}

export function contentOf(part: MessagePart, files: FileBytes): ChatContent {
  if (part.type === 'text') return { type: 'text', text: part.text }
  const bytes = files.get(part.blob) ?? null
  if (bytes === null) return { type: 'text', text: `[The file ${part.name} is kept no more.]` }
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
  const url = `data:${part.mediaType};base64,${data}`
  switch (part.type) {
    case 'image':
      return { type: 'image_url', image_url: { url } }
    case 'audio':
      return { type: 'input_audio', input_audio: { data, format: part.mediaType === 'audio/mpeg' ? 'mp3' : 'wav' } }
    case 'file':
      // Every model reads text; few services take other files than PDF.
      if (isText(part.mediaType))
        return { type: 'text', text: `File ${part.name}:\n${new TextDecoder().decode(bytes)}` }
      return { type: 'file', file: { filename: part.name, file_data: url } }
  }
}

function isText(mediaType: string): boolean {
  return /^text\/|[/+](json|xml|yaml|x-yaml|toml|sql|x-ndjson|javascript)$/.test(mediaType)
}
