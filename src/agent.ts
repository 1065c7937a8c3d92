import { AsyncvError } from './errors.ts'
import { defaultLimits } from './internal/agent-limits.ts'
import { checkKeys } from './internal/known-keys.ts'
import type { WhenBusy } from './task.ts'
import type { AgentContext, Tool } from './tool.ts'

/** Bounds of one task. A task that reaches one fails visibly, with what it did kept in its steps. */
export interface AgentLimits {
  /** Model calls, retries not counted. Default 16. */
  modelCalls: number
  /** ms from the start of an attempt to its end. Default 300,000. */
  wallMs: number
  /** Tokens the model may write, all calls together. Default 16,384. */
  outputTokens: number
  /** Default 64. */
  toolCalls: number
  /** Tokens of earlier turns sent along; the oldest whole turns go first. Default 24,000. */
  historyTokens: number
}

export { defaultLimits }

export interface AgentOptions {
  /** 1 to 64 of `a-z A-Z 0-9 _ -`. */
  name: string
  /** `provider/model`, or several in order of fallback. */
  model: string | readonly string[]
  instructions?: string | ((context: AgentContext) => string | Promise<string>)
  /** Tools, or the names of tools given to `createAsyncv({ tools })` or built in (`time`, `calculator`). */
  tools?: readonly (Tool | string)[]
  /** Default: `steer` for what comes over a connector, `queue` for API callers. */
  whenBusy?: WhenBusy | null
  limits?: Partial<AgentLimits>
}

/** A checked agent definition; make one with `defineAgent`. */
export interface Agent {
  readonly name: string
  readonly model: readonly string[]
  readonly instructions: string | ((context: AgentContext) => string | Promise<string>)
  readonly tools: readonly (Tool | string)[]
  readonly whenBusy: WhenBusy | null
  readonly limits: AgentLimits
}

const agentName = /^[a-zA-Z0-9_-]{1,64}$/
const modelReference = /^[^/\s]+\/\S+$/

/** Checks an agent and fills in its limits. Throws `config_invalid`. */
export function defineAgent(options: AgentOptions): Agent {
  const { name } = options
  if (typeof name !== 'string' || !agentName.test(name)) {
    throw new AsyncvError('config_invalid', `Agent name ${JSON.stringify(name)} is not usable.`, {
      hint: 'Use 1 to 64 letters, digits, "_" or "-".',
    })
  }
  checkKeys(`Agent "${name}"`, options, ['name', 'model', 'instructions', 'tools', 'whenBusy', 'limits'])
  const model = typeof options.model === 'string' ? [options.model] : [...(options.model ?? [])]
  if (model.length === 0) {
    throw new AsyncvError('config_invalid', `Agent "${name}" has no model.`, {
      hint: 'Name one as "provider/model", such as "main/gpt-5-mini".',
    })
  }
  for (const reference of model) {
    if (!modelReference.test(reference)) {
      throw new AsyncvError(
        'config_invalid',
        `Agent "${name}": model ${JSON.stringify(reference)} names no provider.`,
        {
          hint: 'Write "provider/model", such as "main/gpt-5-mini".',
        },
      )
    }
  }
  return Object.freeze({
    name,
    model,
    instructions: options.instructions ?? '',
    tools: options.tools ?? [],
    whenBusy: options.whenBusy ?? null,
    limits: Object.freeze(checkedLimits(name, options.limits ?? {})),
  })
}

function checkedLimits(agent: string, given: Partial<AgentLimits>): AgentLimits {
  const limits: AgentLimits = { ...defaultLimits }
  for (const [key, value] of Object.entries(given)) {
    if (!(key in defaultLimits)) {
      throw new AsyncvError('config_invalid', `Agent "${agent}": unknown limit "${key}".`, {
        hint: `Known limits: ${Object.keys(defaultLimits).join(', ')}.`,
      })
    }
    if (value === undefined) continue
    const lowest = key === 'toolCalls' || key === 'historyTokens' ? 0 : 1
    if (!Number.isInteger(value) || value < lowest) {
      throw new AsyncvError('config_invalid', `Agent "${agent}": limits.${key} is ${JSON.stringify(value)}.`, {
        hint: `Give a whole number from ${lowest} up.`,
      })
    }
    limits[key as keyof AgentLimits] = value
  }
  return limits
}
