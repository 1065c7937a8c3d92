/**
 * `offline`: the provider that is there without a key, an account or a network. It is honest about being a demo, and
 * deterministic: the same messages give the same answer. It streams, and uses the tools `time` and `calculator` where an
 * agent has them, so that everything around a model can be tried.
 */
import type { ModelMessage, ToolResultPart } from '../message.ts'
import { textOf } from '../message.ts'
import type { ModelEvent, ModelRequest, Provider } from '../provider.ts'
import { readIntent } from './intent.ts'

export interface OfflineOptions {
  /** Pause before each word, so that streaming can be seen. ms, default 0. */
  wordDelayMs?: number
}

export function offline({ wordDelayMs = 0 }: OfflineOptions = {}): Provider {
  return {
    type: 'offline',
    async *stream(request, { signal }) {
      const calls = callsFor(request)
      if (calls.length > 0) {
        yield* calls
        yield usageOf(request, '')
        yield { type: 'finish', reason: 'tool-calls' }
        return
      }
      const answer = answerTo(request.messages)
      for (const word of answer.match(/\S+\s*|\s+/g) ?? []) {
        if (wordDelayMs > 0) await pause(wordDelayMs, signal)
        if (signal.aborted) return
        yield { type: 'text.delta', text: word }
      }
      yield usageOf(request, answer)
      yield { type: 'finish', reason: 'stop' }
    },
    models: async () => [{ id: 'demo' }],
    test: async () => ({ ok: true, latencyMs: 0, models: ['demo'] }),
  }
}

/** The calls that the last message asks for; none when the tools have just answered. */
function callsFor({ messages, tools }: ModelRequest): ModelEvent[] {
  const last = messages.at(-1)
  if (last?.role !== 'user') return []
  const has = (name: string): boolean => tools.some((tool) => tool.name === name)
  const { times, sums } = readIntent(textOf(last.parts))
  const calls: ModelEvent[] = []
  const call = (name: string, args: unknown): void => {
    calls.push({ type: 'tool.call', callId: `call_${messages.length}_${calls.length}`, name, args })
  }
  if (has('time')) for (const args of times) call('time', args)
  if (has('calculator')) for (const expression of sums) call('calculator', { expression })
  return calls
}

const confession = {
  en: '(This is the offline demo provider: no model is configured.)',
  zh: '（这是离线演示服务，尚未配置任何模型。）',
}

function answerTo(messages: readonly ModelMessage[]): string {
  const said = textOf(messages.findLast(({ role }) => role === 'user')?.parts ?? []).trim()
  const language = /[\u4e00-\u9fff]/.test(said) ? 'zh' : 'en'
  const results = resultsOf(messages)
  const turn = messages.filter(({ role }) => role === 'user').length
  if (results.length > 0) return `${results.map(shown).join('\n')}\n\n${confession[language]}`
  if (language === 'zh') return `你说：“${said}”。这是本次会话的第 ${turn} 条消息。${confession.zh}`
  return `You said: “${said}”. It is message ${turn} of this conversation. ${confession.en}`
}

/** What the tools answered since the person spoke. */
function resultsOf(messages: readonly ModelMessage[]): ToolResultPart[] {
  const asked = messages.findLastIndex(({ role }) => role === 'user')
  return messages.slice(asked + 1).flatMap(({ parts }) => parts.filter((part) => part.type === 'tool-result'))
}

function shown({ result, isError }: ToolResultPart): string {
  const text = typeof result === 'string' ? result : JSON.stringify(result)
  return isError ? `That did not work: ${text}` : text
}

/** Words stand in for tokens: the numbers are honest about being made up here. */
function usageOf({ messages }: ModelRequest, answer: string): ModelEvent {
  const words = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length
  const inputTokens = messages.reduce((sum, { parts }) => sum + words(textOf(parts)), 0)
  return { type: 'usage', inputTokens, outputTokens: words(answer) }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
