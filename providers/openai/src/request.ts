/** A model request as the body of `POST /chat/completions`. Pure. */
import type { ModelMessage, ModelRequest, ToolDeclaration, ToolResultPart } from 'asyncv'
import { textOf } from 'asyncv'
import { type ChatContent, contentOf, type FileBytes, isFile } from './files.ts'

/** What the service reads. Source: platform.openai.com/docs/api-reference/chat/create. */
export interface ChatBody {
  model: string
  messages: ChatMessage[]
  tools?: ChatTool[]
  max_tokens?: number
  max_completion_tokens?: number
  stream?: true
  stream_options?: { include_usage: true }
}

export type ChatMessage =
  | { role: 'system'; content: string }
  | { role: 'user'; content: string | ChatContent[] }
  | { role: 'assistant'; content: string | null; tool_calls?: ChatToolCall[] }
  | { role: 'tool'; tool_call_id: string; content: string }

export interface ChatToolCall {
  id: string
  type: 'function'
  function: { name: string; arguments: string }
}

export interface ChatTool {
  type: 'function'
  function: { name: string; description: string; parameters: Record<string, unknown> }
}

export interface BodyOptions {
  stream: boolean
  includeUsage: boolean
  maxTokensField: 'max_completion_tokens' | 'max_tokens' | 'none'
}

/** `files` has what the messages name. */
export function bodyOf(
  request: ModelRequest,
  { stream, includeUsage, maxTokensField }: BodyOptions,
  files: FileBytes = new Map(),
): ChatBody {
  const messages: ChatMessage[] = []
  if (request.instructions !== '') messages.push({ role: 'system', content: request.instructions })
  for (const message of request.messages) addMessage(message, messages, files)
  const body: ChatBody = { model: request.model, messages }
  // An empty list is refused by OpenAI ("[] is too short").
  if (request.tools.length > 0) body.tools = request.tools.map(toolOf)
  if (maxTokensField !== 'none') body[maxTokensField] = request.maxOutputTokens
  if (stream) {
    body.stream = true
    if (includeUsage) body.stream_options = { include_usage: true }
  }
  return body
}

function addMessage({ role, parts }: ModelMessage, messages: ChatMessage[], files: FileBytes): void {
  switch (role) {
    case 'user':
      messages.push({ role, content: saidOf(parts, files) })
      return
    case 'assistant': {
      const calls = callsOf(parts)
      const text = textOf(parts)
      if (calls.length === 0) messages.push({ role, content: text })
      else messages.push({ role, content: text === '' ? null : text, tool_calls: calls })
      return
    }
    case 'tool':
      // One message for each result: the protocol ties a message to a call.
      for (const part of parts) if (part.type === 'tool-result') messages.push(resultOf(part))
      return
  }
}

/** Text alone is said as text, which every service takes. */
function saidOf(parts: ModelMessage['parts'], files: FileBytes): string | ChatContent[] {
  if (!parts.some(isFile)) return textOf(parts)
  return parts.flatMap((part) => (part.type === 'text' || isFile(part) ? [contentOf(part, files)] : []))
}

function callsOf(parts: ModelMessage['parts']): ChatToolCall[] {
  const calls: ChatToolCall[] = []
  for (const part of parts) {
    if (part.type !== 'tool-call') continue
    const { callId, name, args } = part
    // Args that were no JSON go back as the model wrote them, so that it can see its mistake.
    calls.push({ id: callId, type: 'function', function: { name, arguments: asText(args) } })
  }
  return calls
}

function resultOf({ callId, result, isError }: ToolResultPart): ChatMessage {
  const text = asText(result)
  // The protocol has no field for a failure; the model reads the word.
  return { role: 'tool', tool_call_id: callId, content: isError === true ? `Error: ${text}` : text }
}

function toolOf({ name, description, inputJsonSchema }: ToolDeclaration): ChatTool {
  return { type: 'function', function: { name, description, parameters: inputJsonSchema } }
}

/** JSON has no `undefined`, which is what a tool without a result returns. */
function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null')
}
