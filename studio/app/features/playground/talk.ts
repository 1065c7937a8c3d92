import { z } from 'zod'
import { type AnswerEvent, answerEvents } from '../../api/event-answer.ts'
import { request } from '../../api/request.ts'
import { pathOf } from './queries.ts'
import { answerOf, type Turn } from './turn.ts'

export const sources = ['running', 'draft'] as const

/** With whom one talks: an agent of a runtime as it runs there, or as it is saved in Studio and would be published. */
export interface Partner {
  runtime: string
  agent: string
  source: (typeof sources)[number]
}

/** What the runtime takes along of a conversation with a draft. */
const rememberedMessages = 200

/** The events of the answer to `turn`. */
export function ask(partner: Partner, session: string, turn: Turn, before: readonly Turn[], signal: AbortSignal) {
  return partner.source === 'draft'
    ? askDraft(partner, turn, before, signal)
    : answerEvents(`${pathOf(partner.runtime)}/agents/${encodeURIComponent(partner.agent)}/messages`, {
        // Who leaves does not read the answer: it ends, instead of costing more.
        body: { session, text: turn.text, onDisconnect: 'cancel' },
        headers: { 'idempotency-key': turn.id },
        signal,
      })
}

const composed = z.object({ document: z.record(z.string(), z.unknown()) })

/** The runtime tries the saved agents and model services out without taking them over; nothing of it is kept there. */
async function* askDraft(
  { runtime, agent }: Partner,
  turn: Turn,
  before: readonly Turn[],
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent> {
  const { document } = await request(composed, '/items/compose', { method: 'POST', body: { changes: [] }, signal })
  yield* answerEvents(`/runtimes/${encodeURIComponent(runtime)}/admin/v1/preview`, {
    // What brings messages in and out has no part in it: what is wrong there keeps nobody from trying an agent out.
    body: { document: { ...document, routes: [], connectors: {} }, agent, text: turn.text, history: historyOf(before) },
    signal,
  })
}

function historyOf(turns: readonly Turn[]) {
  return turns
    .filter((turn) => turn.state === 'done')
    .flatMap((turn) => [
      { role: 'user', text: turn.text },
      { role: 'assistant', text: answerOf(turn) },
    ])
    .slice(-rememberedMessages)
}
