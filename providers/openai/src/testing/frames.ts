import { type Answer, type ChatRequest, wordsOf } from './reply.ts'

/** An answer as the service streams it: what comes before any fault, and how the stream ends. */
export interface Frames {
  /** One server-sent event for each delta. */
  deltas: string[]
  finish: string
  usage: string | null
  done: string
}

const done = 'data: [DONE]\n\n'

/** The head and tail that all chunks of an answer share are serialised once. */
export function framesOf(answer: Answer, request: ChatRequest, n: number): Frames {
  const head = `data: {"id":"chatcmpl-${n}","object":"chat.completion.chunk","created":${created()},"model":${JSON.stringify(request.model)},`
  const delta = (json: string): string => `${head}"choices":[{"index":0,"delta":${json},"finish_reason":null}]}\n\n`
  const deltas: string[] = []
  if (answer.reasoning !== undefined) deltas.push(delta(`{"reasoning_content":${JSON.stringify(answer.reasoning)}}`))
  for (const text of answer.chunks ?? words(answer.text ?? ''))
    deltas.push(delta(`{"content":${JSON.stringify(text)}}`))
  for (const [index, { id, name, args }] of callsOf(answer, n).entries()) {
    const half = Math.ceil(args.length / 2)
    const called = JSON.stringify({ index, id, type: 'function', function: { name, arguments: '' } })
    deltas.push(delta(`{"tool_calls":[${called}]}`))
    for (const piece of [args.slice(0, half), args.slice(half)]) {
      deltas.push(delta(`{"tool_calls":[{"index":${index},"function":{"arguments":${JSON.stringify(piece)}}}]}`))
    }
  }
  const usage = request.stream_options?.include_usage === true ? usageOf(answer, request) : null
  return {
    deltas,
    finish: `${head}"choices":[{"index":0,"delta":{},"finish_reason":"${finishReasonOf(answer)}"}]}\n\n`,
    usage: usage === null ? null : `${head}"choices":[],"usage":${JSON.stringify(usage)}}\n\n`,
    done,
  }
}

/** An answer as the service sends it whole. */
export function completionOf(answer: Answer, request: ChatRequest, n: number): string {
  const calls = callsOf(answer, n)
  const usage = usageOf(answer, request)
  const text = answer.text ?? answer.chunks?.join('')
  return JSON.stringify({
    id: `chatcmpl-${n}`,
    object: 'chat.completion',
    created: created(),
    model: request.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text ?? null,
          ...(answer.reasoning === undefined ? {} : { reasoning_content: answer.reasoning }),
          ...(calls.length === 0
            ? {}
            : {
                tool_calls: calls.map(({ id, name, args }) => ({
                  id,
                  type: 'function',
                  function: { name, arguments: args },
                })),
              }),
        },
        finish_reason: finishReasonOf(answer),
      },
    ],
    ...(usage === null ? {} : { usage }),
  })
}

/** Seconds, as the service counts. */
function created(): number {
  return Math.floor(Date.now() / 1_000)
}

function words(text: string): string[] {
  return text.match(/\S+\s*|\s+/g) ?? []
}

function callsOf({ toolCalls = [] }: Answer, n: number): { id: string; name: string; args: string }[] {
  return toolCalls.map(({ id, name, args }, index) => ({
    id: id ?? `call_${n}_${index}`,
    name,
    args: typeof args === 'string' ? args : JSON.stringify(args),
  }))
}

function finishReasonOf({ finishReason, toolCalls = [] }: Answer): string {
  return finishReason ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop')
}

function usageOf(answer: Answer, { messages }: ChatRequest): object | null {
  if (answer.usage === null) return null
  const { inputTokens, outputTokens, cachedTokens } = answer.usage ?? {
    inputTokens: messages.reduce((sum, message) => sum + countWords(wordsOf(message)), 0),
    outputTokens: answer.chunks?.length ?? countWords(answer.text ?? ''),
  }
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(cachedTokens === undefined ? {} : { prompt_tokens_details: { cached_tokens: cachedTokens } }),
  }
}

function countWords(text: string): number {
  return words(text).length
}
