import { z } from 'zod'
import { type AnswerEvent, answerEvents } from '../../api/event-answer.ts'
import { request } from '../../api/request.ts'
import { pathOf } from './queries.ts'
import type { Source } from './sources.ts'
import { answerOf, type Turn } from './turn.ts'

/** With whom one talks: an agent of a runtime as it runs there, or as it is saved in Studio and would be published. */
export interface Partner {
  /** Who talks: what was said is theirs, whoever signs in next in this window. */
  user: string
  runtime: string
  agent: string
  source: Source
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

const draft = z.looseObject({
  agents: z.array(z.looseObject({ name: z.unknown(), model: z.unknown() })),
  providers: z.record(z.string(), z.unknown()),
})
type Draft = z.output<typeof draft>

/** The runtime tries the saved agent out without taking it over; nothing of it is kept there. */
async function* askDraft(
  { runtime, agent }: Partner,
  turn: Turn,
  before: readonly Turn[],
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent> {
  const all = { method: 'POST', body: { changes: [] }, signal } as const
  const { document } = await request(z.object({ document: draft }), '/items/compose', all)
  yield* answerEvents(`/runtimes/${encodeURIComponent(runtime)}/admin/v1/preview`, {
    body: { document: narrowed(document, agent), agent, text: turn.text, history: historyOf(before) },
    signal,
  })
}

/** The agent and its model services: what is wrong elsewhere keeps nobody from trying it out. */
function narrowed(document: Draft, agent: string): Draft {
  const agents = document.agents.filter(({ name }) => name === agent)
  const models = agents.flatMap(({ model }) => model).map(String)
  const providers = Object.entries(document.providers).filter(([name]) =>
    models.some((model) => model.startsWith(`${name}/`)),
  )
  return { ...document, agents, providers: Object.fromEntries(providers), routes: [], connectors: {} }
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
