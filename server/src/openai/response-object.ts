import { type Task, textOf, type Usage } from 'asyncv'

/** What is known of a response; the rest of its object says nothing here. */
export interface Known {
  task: string
  agent: string
  status: 'queued' | 'in_progress' | 'completed' | 'failed' | 'cancelled'
  /** ms since the epoch. */
  createdAt: number
  text?: string
  usage?: Usage
  error?: { code: string; message: string }
  previous?: string | null
}

/** A response, as OpenAI's Responses API shows it (platform.openai.com/docs/api-reference/responses/object). */
export function responseObject({ task, agent, status, createdAt, text, usage, error, previous = null }: Known) {
  return {
    id: responseId(task),
    object: 'response' as const,
    created_at: Math.floor(createdAt / 1000),
    status,
    model: agent,
    output: text === undefined ? [] : [messageItem(task, 'completed', text)],
    usage: usage === undefined ? null : toUsage(usage),
    // Their codes are a closed list, in which ours are no words.
    error: error === undefined ? null : { code: 'server_error', message: `${error.code}: ${error.message}` },
    incomplete_details: null,
    instructions: null,
    metadata: {},
    parallel_tool_calls: true,
    previous_response_id: previous,
    temperature: null,
    tool_choice: 'auto' as const,
    tools: [],
    top_p: null,
  }
}

/** What became of a task, as a response: what became of the one that answers in its place, if there is one. */
export function responseOf({ id, agent, createdAt }: Task, { state, reply, usage, error }: Task) {
  const known = { task: id, agent, createdAt }
  if (state === 'done') return responseObject({ ...known, status: 'completed', text: textOf(reply ?? []), usage })
  if (state === 'failed')
    return responseObject({ ...known, status: 'failed', usage, ...(error === null ? {} : { error }) })
  if (state === 'cancelled') return responseObject({ ...known, status: 'cancelled' })
  return responseObject({ ...known, status: state === 'queued' ? 'queued' : 'in_progress' })
}

export function messageItem(task: string, status: 'in_progress' | 'completed', text: string | null) {
  return {
    id: itemId(task),
    type: 'message' as const,
    role: 'assistant' as const,
    status,
    content: text === null ? [] : [textPart(text)],
  }
}

export function textPart(text: string) {
  return { type: 'output_text' as const, text, annotations: [], logprobs: [] }
}

const prefix = 'resp_'

export function responseId(task: string): string {
  return prefix + task
}

export function itemId(task: string): string {
  return `msg_${task}`
}

/** Null for what is no id of a response. */
export function taskOf(id: string): string | null {
  return id.startsWith(prefix) ? id.slice(prefix.length) : null
}

function toUsage({ inputTokens, outputTokens }: Usage) {
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  }
}
