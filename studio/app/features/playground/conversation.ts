import { ConnectionLost, Problem } from '../../api/problem.ts'
import { create, type Store } from '../../ui/store.ts'
import { hear } from './hear.ts'
import { ask, type Partner } from './talk.ts'
import { type Failure, newTurn, settled, type Turn } from './turn.ts'

export interface Conversation {
  /** What the runtime knows it by. */
  session: string
  turns: readonly Turn[]
}

/** Answers go on while other pages are looked at. */
const conversations = new Map<string, Store<Conversation>>()
const underWay = new Map<string, AbortController>()

/** How often an answer that comes is drawn, at most, ms. */
const drawMs = 40
/** Turns that a reload finds again. */
const keptTurns = 60

export function conversationWith(partner: Partner): Store<Conversation> {
  const key = keyOf(partner)
  const known = conversations.get(key)
  if (known) return known
  const store = create(read(key) ?? begun())
  conversations.set(key, store)
  return store
}

export function beginAnew(partner: Partner): void {
  stop(partner)
  change(partner, () => begun())
}

/** Ends what is under way; what came so far stays. */
export function stop(partner: Partner): void {
  underWay.get(keyOf(partner))?.abort()
}

/** Says something, and follows the answer into the conversation. Does nothing while an answer is under way. */
export async function say(partner: Partner, text: string): Promise<void> {
  const key = keyOf(partner)
  if (underWay.has(key)) return
  const control = new AbortController()
  underWay.set(key, control)
  const { session, turns: before } = conversationWith(partner).get()
  let turn = newTurn(crypto.randomUUID(), text, Date.now())
  change(partner, (now) => ({ ...now, turns: [...now.turns, turn] }))
  let timer: ReturnType<typeof setTimeout> | undefined
  const draw = (): void => {
    clearTimeout(timer)
    timer = undefined
    change(partner, (now) => ({ ...now, turns: now.turns.map((one) => (one.id === turn.id ? turn : one)) }))
  }
  try {
    for await (const event of ask(partner, session, turn, before, control.signal)) {
      turn = hear(turn, event, Date.now())
      timer ??= setTimeout(draw, drawMs)
    }
    // It ended without its end.
    if (turn.state === 'running') throw new ConnectionLost('cut')
  } catch (error) {
    const ms = Date.now() - turn.at
    turn = control.signal.aborted
      ? { ...turn, state: 'stopped', ms }
      : { ...turn, state: 'failed', ms, failure: failureOf(error) }
  } finally {
    draw()
    underWay.delete(key)
  }
}

/**
 * Asks the last question again. The new answer takes the place of the old one, except where a running agent remembers what it
 * was asked before: there it is another question.
 */
export function sayAgain(partner: Partner): Promise<void> {
  const { turns } = conversationWith(partner).get()
  const last = turns.at(-1)
  if (!last || last.state === 'running') return Promise.resolve()
  if (isReplaced(partner, turns)) {
    // With nothing before it, a conversation of its own knows nothing of the answer that is given up.
    change(partner, (now) => (turns.length === 1 ? begun() : { ...now, turns: now.turns.slice(0, -1) }))
  }
  return say(partner, last.text)
}

/** Whether asking again gives the last answer up. */
export function isReplaced({ source }: Partner, turns: readonly Turn[]): boolean {
  return source === 'draft' || turns.length === 1 || turns.at(-1)?.state !== 'done'
}

function failureOf(error: unknown): Failure {
  if (error instanceof Problem) {
    const { code, message, hint = null, requestId = null, errors } = error
    return { code, detail: message, hint, requestId, errors: [...errors] }
  }
  const code = error instanceof ConnectionLost ? (error.how === 'late' ? 'late' : 'connection') : 'unknown'
  return {
    code,
    detail: error instanceof Error ? error.message : String(error),
    hint: null,
    requestId: null,
    errors: [],
  }
}

function change(partner: Partner, next: (now: Conversation) => Conversation): void {
  const store = conversationWith(partner)
  store.set(next(store.get()))
  keep(keyOf(partner), store.get())
}

function begun(): Conversation {
  return { session: `studio-${crypto.randomUUID()}`, turns: [] }
}

const prefix = 'studio.playground.'

export function keyOf({ user, runtime, source, agent }: Partner): string {
  return `${prefix}${user}/${runtime}/${source}/${agent}`
}

/** What was said is of this tab alone, and gone with it. */
function read(key: string): Conversation | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? 'null') as Conversation | null
    return kept && { ...kept, turns: kept.turns.map(settled) }
  } catch {
    return null
  }
}

function keep(key: string, conversation: Conversation): void {
  try {
    sessionStorage.setItem(key, JSON.stringify({ ...conversation, turns: conversation.turns.slice(-keptTurns) }))
  } catch {
    // Full or forbidden: then it is kept as long as the page is open.
  }
}
