import type { Reply, Usage } from 'asyncv'

interface Head {
  task: string
  agent: string
}

/** A whole answer, as `POST /openai/v1/chat/completions` gives it. */
export function completion(head: Head, { text, usage }: Pick<Reply, 'text' | 'usage'>) {
  return {
    ...shared(head, 'chat.completion'),
    choices: [
      { index: 0, message: { role: 'assistant', content: text, refusal: null }, logprobs: null, finish_reason: 'stop' },
    ],
    usage: toUsage(usage),
  }
}

export function chunk(head: Head, delta: { role?: 'assistant'; content?: string }, finishReason: 'stop' | null = null) {
  return {
    ...shared(head, 'chat.completion.chunk'),
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  }
}

export function usageChunk(head: Head, usage: Usage) {
  return { ...shared(head, 'chat.completion.chunk'), choices: [], usage: toUsage(usage) }
}

function shared({ task, agent }: Head, object: string) {
  return { id: `chatcmpl-${task}`, object, created: Math.floor(Date.now() / 1000), model: agent }
}

function toUsage({ inputTokens, outputTokens }: Usage) {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens }
}
