import { streamEvent, usage } from 'asyncv/schemas'
import { z } from 'zod'
import type { AnswerEvent } from '../../api/event-answer.ts'
import type { Part, Turn } from './turn.ts'

/** What only a draft's answer ends with. */
const previewFinished = z.object({ type: z.literal('preview.finished'), text: z.string(), usage })
const heard = z.union([previewFinished, streamEvent])

/** The turn after an event of its stream. What this page does not know is passed over. */
export function hear(turn: Turn, event: AnswerEvent, now: number): Turn {
  const { data } = heard.safeParse(event.data)
  if (data === undefined) return turn
  if ('code' in data) {
    const { code, detail, hint = null, requestId, errors = [] } = data
    if (code === 'cancelled') return ended({ ...turn, state: 'stopped' }, now)
    return ended({ ...turn, state: 'failed', failure: { code, detail, hint, requestId, errors } }, now)
  }
  switch (data.type) {
    case 'task.accepted':
      return { ...turn, task: data.task, message: data.message }
    case 'text.snapshot':
      return spoken(turn, { ...data, kind: 'text', whole: true }, now)
    case 'text.delta':
      return spoken(turn, { ...data, kind: 'text' }, now)
    case 'reasoning.delta':
      return spoken(turn, { ...data, kind: 'reasoning' }, now)
    case 'text.reset':
      return { ...turn, parts: turn.parts.filter((part) => part.kind === 'tool' || part.n !== data.n) }
    case 'tool.started': {
      const { n, callId, name, args } = data
      const others = turn.parts.filter((part) => part.kind !== 'tool' || part.callId !== callId)
      return { ...turn, parts: [...others, { kind: 'tool', n, callId, name, args, startedAt: now, endedAt: null }] }
    }
    case 'tool.finished': {
      const { n, callId, name, result, isError } = data
      const known = turn.parts.find((part) => part.kind === 'tool' && part.callId === callId)
      const end = { result, isError, endedAt: now }
      const parts: Part[] = known
        ? turn.parts.map((part) => (part === known && part.kind === 'tool' ? { ...part, ...end } : part))
        : [...turn.parts, { kind: 'tool', n, callId, name, args: null, startedAt: now, ...end }]
      return { ...turn, parts }
    }
    case 'task.finished':
      return ended(answered({ ...turn, task: data.task, message: data.message, usage: data.usage }, data.text), now)
    case 'preview.finished':
      return ended(answered({ ...turn, usage: data.usage }, data.text), now)
  }
}

interface Words {
  kind: 'text' | 'reasoning'
  n: number
  text: string
  /** All of the step so far, instead of what comes next. */
  whole?: boolean
}

function spoken(turn: Turn, { kind, n, text, whole = false }: Words, now: number): Turn {
  const at = turn.parts.findIndex((part) => part.kind === kind && part.n === n)
  const before = turn.parts[at]
  const part: Part = { kind, n, text: before?.kind === kind && !whole ? before.text + text : text }
  const parts = at === -1 ? [...turn.parts, part] : turn.parts.with(at, part)
  return { ...turn, parts, firstMs: turn.firstMs ?? now - turn.at }
}

/** The answer is the text of the last step, however much of it came as it was written. */
function answered(turn: Turn, text: string): Turn {
  const last = turn.parts.findLastIndex((part) => part.kind === 'text')
  const isLast = last !== -1 && turn.parts.slice(last + 1).every((part) => part.kind !== 'tool')
  const n = Math.max(0, ...turn.parts.map((part) => part.n))
  if (isLast) return { ...turn, state: 'done', parts: turn.parts.with(last, { kind: 'text', n, text }) }
  return { ...turn, state: 'done', parts: [...turn.parts, { kind: 'text', n: n + 1, text }] }
}

function ended(turn: Turn, now: number): Turn {
  const ms = now - turn.at
  return { ...turn, ms, firstMs: turn.firstMs ?? (turn.state === 'done' ? ms : null) }
}
