import { AsyncvError, secretText } from 'asyncv'
import { z } from 'zod'

const url = z.url({ protocol: /^https?$/, error: 'give an http:// or https:// address' })
/** 2^31 − 1 is the longest a timer can wait; Node takes more for 1 ms. */
const durationMs = z.int().min(1).max(2_147_483_647)

/** Options shared by both ways to reach a service. */
const shared = {
  /** False for services that cannot stream: the whole text then comes as one delta. */
  stream: z.boolean().default(true),
  /** Asks for token counts in a stream (`stream_options`). False for services that refuse the field. */
  includeUsage: z.boolean().default(true),
  /**
   * How the limit on output tokens is named. Default: `max_completion_tokens` for api.openai.com, whose reasoning models
   * refuse the old name, and `max_tokens` elsewhere, because Mistral and others answer 422 to the new one. `none` sends
   * no limit, for services whose own maximum is below the agent's.
   */
  maxTokensField: z.enum(['max_completion_tokens', 'max_tokens', 'none']).optional(),
  timeouts: z
    .strictObject({
      /** Until the connection stands, TLS included. */
      connectMs: durationMs.default(10_000),
      /** From the request to the first byte of the answer: a big prompt on a busy service takes its time. */
      firstByteMs: durationMs.default(120_000),
      /** Between two pieces of the answer; reasoning models pause. */
      gapMs: durationMs.default(60_000),
      /** For the whole call. */
      totalMs: durationMs.default(600_000),
    })
    .prefault({}),
}

export const openaiOptions = z.strictObject({
  /** Left out for local servers that ask for none. */
  apiKey: secretText(/^[\x21-\x7e]+$/, 'is empty, or has a space or line break in it').optional(),
  /** Where `/chat/completions` is appended; a query such as Azure's `?api-version=` stays at the end. */
  baseURL: url.default('https://api.openai.com/v1'),
  /** Sent as `OpenAI-Organization`. */
  organization: z.string().min(1).optional(),
  /** Sent with every request; wins over what is sent otherwise. */
  headers: z.record(z.string(), secretText(/^/, '')).default({}),
  /** One proxy for everything, or one for each protocol with the hosts to reach without. The environment is not read. */
  proxy: z
    .union([
      url,
      z.strictObject({
        http: url.optional(),
        https: url.optional(),
        /** As in `NO_PROXY`: hosts and domains, separated by commas. */
        noProxy: z.string().optional(),
      }),
    ])
    .optional(),
  /** Connections kept at most; more calls than that wait their turn, and the wait counts as `firstByteMs`. */
  connections: z.int().min(1).default(256),
  ...shared,
})

export const clientOptions = z.strictObject(shared)

/** As a user writes them. */
export type OpenaiOptions = z.input<typeof openaiOptions>
/** As the package reads them: every default filled in. */
export type ResolvedOptions = z.output<typeof openaiOptions>
export type CallOptions = z.output<typeof clientOptions>
export type Timeouts = CallOptions['timeouts']

/** Checks options given in code. Throws `config_invalid` that names each place; never the value, it may be a key. */
export function checkOptions<Schema extends z.ZodType>(schema: Schema, options: unknown): z.output<Schema> {
  const checked = schema.safeParse(options)
  if (checked.success) return checked.data
  const problems = checked.error.issues.map(({ path, message }) => `${['openai', ...path].join('.')}: ${message}`)
  throw new AsyncvError('config_invalid', problems.join('\n'), {
    hint: `Known options: ${Object.keys(openaiOptions.shape).join(', ')}; or an official client as client.`,
  })
}
