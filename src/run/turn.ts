import type { ModelMessage } from '../message.ts'
import type { RunOutcome } from './run.ts'
import { estimateMessages } from './tokens.ts'

/**
 * What a task leaves in its session's history. One that came to no answer leaves what the person said and a line about
 * it, never half an answer; the tools it used are named, since their effects stay.
 */
export function turnOf(outcome: RunOutcome): { messages: ModelMessage[]; tokens: number } {
  const { messages, earlier, seen } = outcome.transcript
  if (outcome.type === 'done') return { messages, tokens: estimateMessages(messages) }
  // Messages that were taken up and no model call has seen are queued again, and get turns of their own.
  const said = messages.filter(({ role }, index) => {
    // What the caller brought along was said before this task, and the person's message is the first after it.
    if (index < earlier) return true
    return role === 'user' && (index === earlier || index < seen)
  })
  const tools = new Set(
    messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'tool-call' ? [part.name] : []))),
  )
  const used = tools.size === 0 ? '' : ` Tools called before: ${[...tools].join(', ')}.`
  const why = outcome.type === 'cancelled' ? 'the task was cancelled' : 'the task failed'
  const short: ModelMessage[] = [
    ...said,
    { role: 'assistant', parts: [{ type: 'text', text: `(No answer: ${why}.${used})` }] },
  ]
  return { messages: short, tokens: estimateMessages(short) }
}
