import { z } from 'zod'
import { serverConfig } from './server.ts'

/** A part that is named by its type; a program's own configuration file may have a made one in its place. */
export const namedPart = z.strictObject({
  type: z.string().min(1),
  options: z.record(z.string(), z.unknown()).default({}),
})

/** What a provider or connector may be called: provider names begin model references, so they hold no "/". */
export const partName = /^[a-zA-Z0-9_-]{1,64}$/

const parts = z.record(z.string().regex(partName, 'use 1 to 64 letters, digits, "_" or "-"'), z.unknown())

/** What people in a chat are told, each with a built-in default. */
const texts = z.strictObject({
  failed: z.string().optional(),
  cancelled: z.string().optional(),
  stopped: z.string().optional(),
  newSession: z.string().optional(),
  greeting: z.string().optional(),
  unsupported: z.string().optional(),
})

export const agentLimits = z.strictObject({
  modelCalls: z.int().min(1).optional(),
  wallMs: z.int().min(1).optional(),
  outputTokens: z.int().min(1).optional(),
  toolCalls: z.int().min(0).optional(),
  historyTokens: z.int().min(0).optional(),
})

/** The configuration as JSON has it. Only keys that are built are accepted. */
export const configSchema = z.strictObject({
  storage: z.string().startsWith('sqlite:', 'expected "sqlite:" and a path, such as "sqlite:./asyncv.db"').optional(),
  server: serverConfig.optional(),
  providers: parts.optional(),
  connectors: parts.optional(),
  agents: z
    .array(
      z.strictObject({
        name: z.string(),
        model: z.union([z.string(), z.array(z.string()).min(1)]),
        instructions: z.union([z.string(), z.custom<() => string>((value) => typeof value === 'function')]).optional(),
        tools: z.array(z.unknown()).optional(),
        whenBusy: z.enum(['steer', 'queue']).nullish(),
        limits: agentLimits.optional(),
      }),
    )
    .min(1, 'give at least one agent'),
  routes: z.array(z.strictObject({ connector: z.string(), agent: z.string() })).optional(),
  releases: z.strictObject({ environment: z.array(z.string().min(1)).optional() }).optional(),
  tools: z.array(z.unknown()).optional(),
  plugins: z.array(z.unknown()).optional(),
  width: z.int().min(1).optional(),
  maxOpenTasks: z.int().min(1).optional(),
  replyTimeoutMs: z.int().min(1).optional(),
  outbox: z
    .strictObject({
      deliveryMaxAgeMs: z.int().min(1).optional(),
      maxAttempts: z.int().min(1).optional(),
      backoffMs: z.int().min(1).optional(),
      maxBackoffMs: z.int().min(1).optional(),
      sendTimeoutMs: z.int().min(1).optional(),
      onUncertain: z.enum(['resend', 'hold']).optional(),
    })
    .optional(),
  modelCalls: z
    .strictObject({
      maxAttempts: z.int().min(1).optional(),
      backoffMs: z.int().min(1).optional(),
      maxBackoffMs: z.int().min(1).optional(),
    })
    .optional(),
  files: z
    .strictObject({
      maxBytes: z.int().min(1).optional(),
      maxTotalBytes: z.int().min(1).optional(),
      maxCallBytes: z.int().min(1).optional(),
      keepMs: z.int().min(1).optional(),
    })
    .optional(),
  retention: z
    .strictObject({
      conversationsMs: z.int().min(0).optional(),
      dedupeMs: z.int().min(604_800_000, 'give at least 604800000, which are 7 days').optional(),
    })
    .optional(),
  prices: z.record(z.string(), z.strictObject({ input: z.number().min(0), output: z.number().min(0) })).optional(),
  events: z.strictObject({ keepMs: z.int().min(0).optional() }).optional(),
  texts: z.record(z.string(), texts).optional(),
})
