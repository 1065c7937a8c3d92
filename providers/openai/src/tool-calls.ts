import { createHash } from 'node:crypto'
import type { ModelEvent } from 'asyncv'

type ToolCallEvent = Extract<ModelEvent, { type: 'tool.call' }>

/** One entry of `delta.tool_calls`, or of `message.tool_calls`; services leave out what they like. */
export interface ToolCallDelta {
  index?: unknown
  id?: unknown
  function?: { name?: unknown; arguments?: unknown } | null
}

interface Call {
  index: number | null
  id: string
  name: string
  args: string
}

/** Puts tool calls together from their deltas. */
export class ToolCalls {
  readonly #calls: Call[] = []

  add(delta: ToolCallDelta): void {
    if (typeof delta !== 'object' || delta === null) return
    const index = typeof delta.index === 'number' ? delta.index : null
    const id = typeof delta.id === 'string' ? delta.id : ''
    const name = typeof delta.function?.name === 'string' ? delta.function.name : ''
    const args = delta.function?.arguments
    let call = this.#find(index, id, name)
    if (call === undefined) {
      call = { index, id, name, args: '' }
      this.#calls.push(call)
    }
    if (call.id === '') call.id = id
    if (call.name === '') call.name = name
    if (typeof args === 'string') call.args += args
    // Some local servers send the object itself.
    else if (typeof args === 'object' && args !== null) call.args = JSON.stringify(args)
  }

  /**
   * The calls, in the order in which they began. Valid only when the stream said that it is finished. A call without an
   * id gets one that is made of `key`.
   */
  events(key: string): ToolCallEvent[] {
    return this.#calls.map(({ id, name, args }, n) => ({
      type: 'tool.call',
      callId: id === '' ? `call_${digest(`${key}/${n}`)}` : id,
      name,
      args: parsed(args),
    }))
  }

  /** Whether the arguments of every call are whole JSON, for streams that do not say why they finished. */
  get whole(): boolean {
    return this.#calls.every(({ args }) => args === '' || typeof parsed(args) !== 'string')
  }

  get size(): number {
    return this.#calls.length
  }

  /**
   * The call that a delta goes on with. The index tells, but some services number every call 0 and others number none:
   * there an id that was not seen yet begins a call, and so does a name.
   */
  #find(index: number | null, id: string, name: string): Call | undefined {
    if (index !== null) {
      const call = this.#calls.findLast((call) => call.index === index)
      return call !== undefined && id !== '' && call.id !== '' && call.id !== id ? undefined : call
    }
    if (id !== '') return this.#calls.find((call) => call.id === id)
    return name === '' ? this.#calls.at(-1) : undefined
  }
}

/** OpenAI refuses ids above 40 characters when they come back in a history. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24)
}

/** A tool without parameters is often called with nothing at all. Text that is no JSON stays a string. */
function parsed(args: string): unknown {
  if (args.trim() === '') return {}
  try {
    return JSON.parse(args)
  } catch {
    return args
  }
}
