import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import { AsyncvError } from './errors.ts'
import { checkKeys } from './internal/known-keys.ts'
import type { Person } from './message.ts'

/**
 * What a call does to the world, and so what may happen to one that was cut by a crash: `read` and `idempotent` run
 * again with the same key; `once` is never run again unless `reconcile` says that it did not happen.
 */
export type ToolEffect = 'read' | 'idempotent' | 'once'

export type JsonSchema = Record<string, unknown>

/** For whom a tool runs, and in what. Also handed to `instructions` when they are a function. */
export interface AgentContext {
  agent: string
  session: string
  task: string
  person: Person | null
  space: string
  /** What the caller passed with the message. */
  metadata: Record<string, unknown>
  /** BCP 47 tag of the person's language, where the platform or caller told. */
  language: string | null
}

export interface ToolCall<Input> {
  /** Checked by the tool's schema. */
  input: Input
  context: AgentContext
  /** `<task>/<step>`: the same when a cut call is run again, so pass it on as an idempotency key. */
  key: string
  /** Aborted by cancel, stop, `timeoutMs` and the agent's `wallMs`. */
  signal: AbortSignal
}

export type Reconciled = { state: 'done'; result: unknown } | { state: 'not-done' } | { state: 'unknown' }

export interface ToolOptions<Schema extends StandardSchemaV1> {
  /** 1 to 64 of `a-z A-Z 0-9 _ -`: what every model service accepts. */
  name: string
  /** What the model reads to decide when to call it. */
  description: string
  /** zod 4.2+, or any Standard Schema; one that cannot give its JSON Schema needs `inputJsonSchema`. */
  input: Schema
  inputJsonSchema?: JsonSchema
  effect: ToolEffect
  /** A call that takes longer is aborted and its result is an error. ms, default 60,000. */
  timeoutMs?: number
  /** The result goes to the model as JSON. A throw becomes an error result with its message. */
  run: (call: ToolCall<StandardSchemaV1.InferOutput<Schema>>) => unknown
  /** For `once`: whether the call with this key took effect. Without it the answer is `unknown`. */
  reconcile?: (call: { key: string; signal: AbortSignal }) => Promise<Reconciled> | Reconciled
}

/** A checked tool definition; make one with `defineTool`. */
export interface Tool {
  readonly name: string
  readonly description: string
  readonly input: StandardSchemaV1
  readonly inputJsonSchema: JsonSchema
  readonly effect: ToolEffect
  readonly timeoutMs: number
  readonly run: (call: ToolCall<unknown>) => unknown
  readonly reconcile: ((call: { key: string; signal: AbortSignal }) => Promise<Reconciled> | Reconciled) | null
}

const toolName = /^[a-zA-Z0-9_-]{1,64}$/
const toolEffects = ['read', 'idempotent', 'once']

/** Checks a tool and derives its JSON Schema. Throws `config_invalid`. */
export function defineTool<Schema extends StandardSchemaV1>(options: ToolOptions<Schema>): Tool {
  const { name, effect } = options
  if (typeof name !== 'string' || !toolName.test(name)) {
    throw new AsyncvError('config_invalid', `Tool name ${JSON.stringify(name)} is not usable.`, {
      hint: 'Use 1 to 64 letters, digits, "_" or "-".',
    })
  }
  if (!toolEffects.includes(effect)) {
    throw new AsyncvError('config_invalid', `Tool "${name}": effect is ${JSON.stringify(effect)}.`, {
      hint: 'Say what a call does to the world: "read" (nothing), "idempotent" (the same twice as once) or "once".',
    })
  }
  if (typeof options.description !== 'string' || options.description === '') {
    throw new AsyncvError('config_invalid', `Tool "${name}" has no description.`, {
      hint: 'Say in a sentence when the model should call it.',
    })
  }
  checkKeys(`Tool "${name}"`, options, optionNames)
  if (typeof options.run !== 'function') {
    throw new AsyncvError('config_invalid', `Tool "${name}": run is not a function.`)
  }
  const timeoutMs = options.timeoutMs ?? 60_000
  if (!Number.isFinite(timeoutMs) || timeoutMs <= 0) {
    throw new AsyncvError('config_invalid', `Tool "${name}": timeoutMs is ${String(timeoutMs)}.`, {
      hint: 'Give milliseconds above 0.',
    })
  }
  return Object.freeze({
    name,
    description: options.description,
    input: options.input,
    inputJsonSchema: options.inputJsonSchema ?? deriveJsonSchema(name, options.input),
    effect,
    timeoutMs,
    // The schema checks the input before `run` sees it, which is what makes its narrower type true.
    run: options.run as Tool['run'],
    reconcile: options.reconcile ?? null,
  })
}

/** What is wrong with something that passes for a checked tool, as one made by hand or by another version may; or null. */
export function toolProblem(tool: object): string | null {
  const { name, description, input, inputJsonSchema, effect, timeoutMs, run, reconcile } = tool as Partial<Tool>
  const is = (what: string, value: unknown): string => `${what} is ${JSON.stringify(value) ?? String(value)}`
  if (typeof name !== 'string' || !toolName.test(name)) return is('name', name)
  if (typeof description !== 'string' || description === '') return is('description', description)
  if (typeof input?.['~standard']?.validate !== 'function') return 'input is no Standard Schema'
  if (typeof inputJsonSchema !== 'object' || inputJsonSchema === null) return is('inputJsonSchema', inputJsonSchema)
  if (effect === undefined || !toolEffects.includes(effect)) return is('effect', effect)
  if (timeoutMs === undefined || !(Number.isFinite(timeoutMs) && timeoutMs > 0)) return is('timeoutMs', timeoutMs)
  if (typeof run !== 'function') return 'run is no function'
  if (reconcile !== null && typeof reconcile !== 'function') return is('reconcile', reconcile)
  return null
}

const optionNames = ['name', 'description', 'input', 'inputJsonSchema', 'effect', 'timeoutMs', 'run', 'reconcile']

/** Standard JSON Schema (standardschema.dev/json-schema), which zod has from 4.2 on. */
function deriveJsonSchema(name: string, schema: StandardSchemaV1): JsonSchema {
  const standard = schema?.['~standard'] as (StandardSchemaV1.Props & Partial<StandardJSONSchemaV1.Props>) | undefined
  if (standard === undefined) {
    throw new AsyncvError('config_invalid', `Tool "${name}": input is not a Standard Schema.`, {
      hint: 'Pass a zod object, or another library’s schema that has "~standard".',
    })
  }
  if (standard.jsonSchema === undefined) {
    throw new AsyncvError(
      'config_invalid',
      `Tool "${name}": the ${standard.vendor} schema cannot give its JSON Schema.`,
      { hint: 'Pass it as inputJsonSchema beside input.' },
    )
  }
  try {
    const { $schema, ...jsonSchema } = standard.jsonSchema.input({ target: 'draft-2020-12' })
    return jsonSchema
  } catch (cause) {
    throw new AsyncvError('config_invalid', `Tool "${name}": its input has no JSON Schema.`, {
      hint: 'Use types that JSON has, or pass inputJsonSchema.',
      cause,
    })
  }
}
