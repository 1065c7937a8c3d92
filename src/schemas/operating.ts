import { z } from 'zod'
import { readiness } from './readiness.ts'
import { stats } from './stats.ts'

const moment = z.int().describe('ms since the epoch').meta({ example: 1_750_000_000_000 })
const count = z.int().min(0)
const jsonSchema = z.record(z.string(), z.unknown()).describe('A JSON Schema')

export const drainState = z
  .object({
    state: z
      .enum(['off', 'leaving', 'draining', 'drained'])
      .describe('off; not ready, but still taking messages in; finishing what was accepted; nothing left to do'),
    since: moment.nullable(),
    tasks: count.describe('Tasks that are not done'),
    deliveries: count.describe('Deliveries that are not sent, those that wait for their platform included'),
  })
  .meta({ id: 'Drain' })

export const connectorStatus = z
  .object({
    name: z.string().meta({ example: 'tg' }),
    type: z.string().meta({ example: 'telegram' }),
    state: z
      .enum(['connected', 'stopped', 'away'])
      .describe('`stopped` by somebody, until it is started or the runtime is'),
    account: z.string().nullable().meta({ example: 'tg:123' }).describe('Null until it has connected once'),
    agent: z.string().nullable().describe('Who answers what comes in over it'),
    ok: z.boolean(),
    detail: z.string().nullable().describe('What it says of its platform'),
  })
  .meta({ id: 'Connector' })

const connectionChange = z
  .object({
    what: z
      .enum(['release', 'start', 'stop', 'reconnect', 'test'])
      .describe('A release, or what is done to one connector'),
    name: z.string().describe('The publisher of the release, or the connector'),
    since: moment.describe('When its turn came, ms since the epoch'),
    waitsFor: z.string().nullable().describe('The connector that it is starting or stopping at this moment'),
    waiting: count.describe('Changes that wait for its end'),
  })
  .meta({ id: 'ConnectionChange' })

/** How a runtime, and the process that it runs in, are doing. */
export const status = z
  .object({
    version: z.string(),
    node: z.string().meta({ example: 'v20.19.0' }),
    pid: z.int(),
    runtimeId: z.string().nullable().describe('The audience of releases for it; null while it does not run'),
    release: z
      .object({
        revision: z.int(),
        publisher: z.string(),
        hash: z.string(),
        appliedAt: moment,
        inForce: z
          .boolean()
          .describe('False when it could not be put in force at the start: see GET /admin/v1/release'),
        fileInForce: z
          .boolean()
          .nullable()
          .describe('Whether what the configuration file said when it was read is; null where there is no file'),
      })
      .nullable()
      .describe('The last release that was applied; null before the first'),
    startedAt: moment.nullable().describe('When the runtime was started; null while it does not run'),
    uptimeMs: count.nullable(),
    storage: z.string().nullable().meta({ example: 'better-sqlite3, SQLite 3.50.4' }),
    ready: z.boolean(),
    checks: readiness.shape.checks,
    connectors: z.array(connectorStatus),
    providers: z.array(z.object({ name: z.string(), type: z.string().nullable() })),
    plugins: z.array(
      z.object({
        name: z.string(),
        connectors: z.array(z.string()).describe('Types'),
        providers: z.array(z.string()).describe('Types'),
        tools: z.array(z.string()),
      }),
    ),
    agents: z.array(z.string()),
    prices: z
      .record(z.string(), z.object({ input: z.number(), output: z.number() }))
      .default({})
      .describe('Per million tokens, by model reference; a model without one has no cost'),
    inbox: stats.shape.tasks.describe('Tasks that wait for their turn, and that run'),
    outbox: stats.shape.deliveries.describe('Deliveries that are not settled; held and dead ones wait for a decision'),
    uncertainSends: stats.shape.uncertainSends,
    drain: drainState,
    change: connectionChange
      .nullable()
      .default(null)
      .describe('What is being done to what is connected; null while nothing is'),
  })
  .meta({ id: 'Status' })

export const partTest = z
  .object({
    name: z.string(),
    type: z.string().nullable(),
    result: z.enum(['ok', 'failed', 'untestable']),
    latencyMs: z.number().nullable(),
    detail: z.string().nullable().describe('Who answered, or what went wrong'),
    hint: z.string().nullable().describe('What to do about it'),
    models: z.array(z.string()).nullable().describe('Those of a provider that lists them'),
  })
  .meta({ id: 'PartTest' })

export const installed = z
  .object({
    types: z.array(
      z.object({
        kind: z.enum(['connector', 'provider']),
        type: z.string().meta({ example: 'telegram' }),
        origin: z.string().describe('built-in, or the plugin that brings it'),
        options: jsonSchema.nullable().describe('Of its options; what may be a secret has the format password'),
      }),
    ),
    tools: z.array(
      z.object({
        name: z.string(),
        description: z.string(),
        effect: z.enum(['read', 'idempotent', 'once']),
        origin: z.string().describe('built-in, program, or the plugin that brings it'),
        input: jsonSchema,
      }),
    ),
  })
  .meta({ id: 'Installed' })

export const routeSummary = z.object({ connector: z.string(), agent: z.string() }).meta({ id: 'Route' })
