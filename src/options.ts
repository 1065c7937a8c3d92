/** What `createAsyncv` takes. */
import type { Agent, AgentOptions } from './agent.ts'
import type { Clock } from './clock.ts'
import type { Connector } from './connector.ts'
import type { ConnectorDefinition, ProviderDefinition } from './definition.ts'
import type { KyselyBackend } from './backend.ts'
import type { Logger } from './logger.ts'
import type { Plugin } from './plugin.ts'
import type { Provider } from './provider.ts'
import type { Trust } from './trusted.ts'
import type { ReleaseDocument } from './schemas/release.ts'
import type { Texts } from './texts.ts'
import type { Tool } from './tool.ts'
import type { Vault } from './vault/vault.ts'

export interface Route {
  /** A connector's name. */
  connector: string
  /** The agent that answers what comes in there. */
  agent: string
}

export interface OutboxOptions {
  /** A delivery that could not be sent for so long becomes a dead letter; retried, it has as long again. ms, default 24 h. */
  deliveryMaxAgeMs?: number
  /** Tries before a delivery becomes a dead letter. Default 20. */
  maxAttempts?: number
  /** First wait after a failed send; it doubles up to `maxBackoffMs`, with jitter. ms, default 1,000. */
  backoffMs?: number
  /** ms, default 300,000. */
  maxBackoffMs?: number
  /** A send without an answer for so long counts as uncertain. ms, default 30,000. */
  sendTimeoutMs?: number
  /** What becomes of a send whose outcome nobody can find out. Default `resend`. */
  onUncertain?: 'resend' | 'hold'
}

export interface ModelCallOptions {
  /** Tries of one model call before the next model of the list, or failure. Default 4. */
  maxAttempts?: number
  /** First wait after a failed call; it doubles up to `maxBackoffMs`, with jitter. ms, default 500. */
  backoffMs?: number
  /** ms, default 30,000. */
  maxBackoffMs?: number
}

export interface EventOptions {
  /**
   * How long what happened is kept, for readers that come back. ms; default 0, which writes nothing down and
   * forgets what was written: a program hears of it with `on`. `asyncv start` keeps 7 days.
   */
  keepMs?: number
}

export interface RetentionOptions {
  /**
   * How long what was said and done is kept after it ended: messages, tasks with their steps, deliveries. What is open, dead
   * or held is kept. ms; default 0, for good.
   */
  conversationsMs?: number
  /**
   * How long a message or post that comes again is recognised, where conversations are forgotten; never less than these
   * are kept.
   * ms, default 30 days, at least 7.
   */
  dedupeMs?: number
}

/** What a model costs, per million tokens, in the currency that you count in. */
export interface Price {
  input: number
  output: number
}

export interface FileOptions {
  /** Largest file. Bytes, default 25 MiB. */
  maxBytes?: number
  /** What all files may take together; beyond that none is taken in. Bytes, default 10 GiB. */
  maxTotalBytes?: number
  /**
   * What the files of one message, and of one model call, may take together. A call carries the newest files of its
   * conversation, and a line for each of the others. Bytes, default 30 MiB, which are 40 MiB in a request.
   */
  maxCallBytes?: number
  /** How long a file is kept after it was handed in, or a message named it. ms, default 30 days. */
  keepMs?: number
}

/** What releases may do here. */
export interface ReleaseOptions {
  /** Whose releases are taken: a `TrustFile`, or the program's own list. Default: nobody's. */
  trust?: Trust
  /**
   * Names of the environment that a release may use where the vault does not have them. Names that the program's own
   * parts use count as well. Default: none.
   */
  environment?: readonly string[]
  /**
   * What of the other options is the operator's file rather than code: its agents, routes, connectors and providers are in
   * force as the release of publisher `file`, until another publisher's takes their place. Default: all of it is code, which
   * no release changes.
   */
  file?: ReleaseDocument
  /** What the host adds to parts of a release before they are made, such as its proxies. */
  prepare?: (document: ReleaseDocument) => ReleaseDocument
}

export interface AsyncvOptions {
  agents: readonly (Agent | AgentOptions)[]
  /** By the name that model references begin with. `offline` is always there. */
  providers?: Readonly<Record<string, Provider>>
  connectors?: Readonly<Record<string, Connector>>
  /** Without routes every connector goes to the only agent, if there is just one. */
  routes?: readonly Route[]
  /** Tools that agents may name. `time` and `calculator` are always there. */
  tools?: readonly Tool[]
  /** Modules of others; their tools may be named by agents. */
  plugins?: readonly Plugin[]
  /** Types that a configuration may name besides those of plugins. Loaded when somebody asks what is installed. Default: none. */
  definitions?: () => Promise<readonly (ConnectorDefinition | ProviderDefinition)[]>
  /** Default `sqlite('.asyncv/asyncv.db')`. */
  storage?: KyselyBackend
  /** Tasks that run at once, all sessions together. Default 64. */
  width?: number
  /** Tasks that may wait or run; past that new messages are refused with `overloaded`. Default 10,000. */
  maxOpenTasks?: number
  /** How long `send` waits. ms, default 600,000. */
  replyTimeoutMs?: number
  outbox?: OutboxOptions
  modelCalls?: ModelCallOptions
  /** By model reference, such as `main/some-model`. What has no price has no cost. */
  prices?: Readonly<Record<string, Price>>
  events?: EventOptions
  files?: FileOptions
  /** Takes releases of publishers that are trusted. Default: none, and what one has put in force here is not. */
  releases?: ReleaseOptions
  retention?: RetentionOptions
  /** What people in the chat are told, by language tag, over the built-in English and Chinese. */
  texts?: Readonly<Record<string, Partial<Texts>>>
  /** Where secrets are kept, made with `createVault({ key })`. Default: one without a key, which keeps nothing. */
  vault?: Vault
  /** Default: silent. A pino logger fits. */
  logger?: Logger
  clock?: Clock
  /** Called before and after each step that touches the outside; what crash tests kill at. Not for production. */
  hook?: (point: string) => void | Promise<void>
}
