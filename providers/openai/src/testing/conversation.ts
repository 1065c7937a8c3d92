import type { ChatRequest } from './reply.ts'

/**
 * What the service would refuse about a conversation, in its words; null when it is fine. A call without its result, or
 * a result without its call, is refused by the real one too, so a test should not get past it here.
 */
export function complaintAbout({ model, messages }: ChatRequest): string | null {
  if (typeof model !== 'string' || model === '') return 'you must provide a model parameter'
  if (!Array.isArray(messages) || messages.length === 0) return "[] is too short - 'messages'"
  const open = new Set<string>()
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (open.delete(message.tool_call_id ?? '')) continue
      return `Invalid parameter: messages[${index}] with role 'tool' must be a response to a preceeding message with 'tool_calls'.`
    }
    if (open.size > 0) break
    for (const { id } of message.tool_calls ?? []) open.add(id)
    if (message.role === 'user' && Array.isArray(message.content) && message.content.length > 0) continue
    if (message.role !== 'assistant' && typeof message.content !== 'string') {
      return `Invalid value for 'content': expected a string, got null. - 'messages[${index}].content'`
    }
  }
  if (open.size === 0) return null
  return `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. Missing: ${[...open].join(', ')}`
}
