/** What those who operate a runtime see of it, and what they can do. */
import type { Actor } from './audit.ts'
import type { UnsettledState } from './delivery.ts'
import type { Price } from './options.ts'
import type { JsonSchema, ToolEffect } from './tool.ts'

/** How a runtime is doing. Told also while it is not started: then there is nothing in it but what is configured. */
export interface Status {
  /** ms since the epoch; null while it does not run. */
  startedAt: number | null
  /** What the database runs on, such as `better-sqlite3, SQLite 3.50.4`; null while it does not run, or does not say. */
  storage: string | null
  connectors: ConnectorStatus[]
  providers: { name: string; type: string | null }[]
  plugins: { name: string; connectors: string[]; providers: string[]; tools: string[] }[]
  agents: string[]
  /** By model reference, such as `main/some-model`. What has none has no cost. */
  prices: Readonly<Record<string, Price>>
  /** Tasks that wait for their turn, and that run. */
  inbox: { queued: number; running: number }
  /** Deliveries that are not settled, by their state; `dead` and `held` ones wait for a decision. */
  outbox: Record<UnsettledState, number>
  /** Sends since the beginning of which nobody knows whether they arrived. */
  uncertainSends: number
  drain: DrainState
  /** What is being done to what is connected; null while nothing is. */
  change: ConnectionChange | null
}

/** A change to what is connected: a release, or what is done to one connector. Those that come meanwhile wait for its end. */
export interface ConnectionChange {
  /** `reconnect`: another try of one that did not come back; `test`: what a test has opened is closed. */
  what: 'release' | 'start' | 'stop' | 'reconnect' | 'test'
  /** The publisher of the release, or the connector. */
  name: string
  /** When its turn came, ms since the epoch. */
  since: number
  /** The connector that it is starting or stopping at this moment; null when it is none. */
  waitsFor: string | null
  /** Changes that wait for its end. */
  waiting: number
}

export interface ConnectorStatus {
  name: string
  type: string
  /** `stopped` by somebody, until it is started or the runtime is; `away` when it has not connected, or a release is just replacing it. */
  state: 'connected' | 'stopped' | 'away'
  /** Such as `tg:<bot id>`; null until it has connected once. */
  account: string | null
  /** The agent that answers what comes in over it; null where there is none. */
  agent: string | null
  /** What it says of its platform. */
  ok: boolean
  detail: string | null
}

/**
 * - `off`: messages are taken in;
 * - `leaving`: they are still, but readiness says no, so that whoever sends looks elsewhere;
 * - `draining`: none is taken in, and what was accepted is being done;
 * - `drained`: nothing is left to do. What a platform does not take now waits on disk, and is counted.
 */
export interface DrainState {
  state: 'off' | 'leaving' | 'draining' | 'drained'
  /** When it began, ms since the epoch; null while it is `off`. */
  since: number | null
  /** Tasks that are not done. */
  tasks: number
  /** Deliveries that are not sent yet, those that wait for their platform or its next try included. */
  deliveries: number
}

export interface DrainOptions {
  /** How long readiness says no before messages are refused. ms, default 0. */
  notReadyMs?: number
  /** For the audit log. Default: the program. */
  by?: Actor
}

/** Lets a runtime finish what it has accepted and take nothing more in, while its process stays. All reject with `not_running`. */
export interface Drain {
  /** Resolves with how far it is; a second call joins the first. A message that comes is refused as `not_running`, and nothing is lost: platforms offer theirs again. */
  begin(options?: DrainOptions): Promise<DrainState>
  /** Takes messages in again. A restart does so, too. */
  undo(by?: Actor): Promise<DrainState>
  state(): Promise<DrainState>
  /** Resolves when it is drained; rejects with `state_conflict` when it is undone before that, or was never begun. */
  done(signal?: AbortSignal): Promise<DrainState>
}

/** What can be done about a connector while the runtime runs. All reject with `connector_unknown` and `not_running`. */
export interface Connectors {
  /**
   * Connects one that was stopped; what waited for it is sent. Rejects with what the connector says when it cannot. `by` goes
   * into the audit log, where a connector that was connected already leaves no entry; default: the program.
   */
  start(name: string, by?: Actor): Promise<void>
  /**
   * Disconnects one until it is started again, or the runtime is: it takes nothing in, and what is to be sent there waits.
   * Resolves when it takes nothing more in; its last send may still be under way.
   */
  stop(name: string, by?: Actor): Promise<void>
  /** Asks its platform whether it accepts the credentials. Does not reject for what the platform says. At most 15 s. */
  test(name: string, signal?: AbortSignal): Promise<PartTest>
}

export interface Providers {
  /** Asks its service whether it accepts the credentials, and for its models. Rejects with `provider_unknown` alone. At most 15 s. */
  test(name: string, signal?: AbortSignal): Promise<PartTest>
}

/** What came of trying a connector or a provider. */
export interface PartTest {
  name: string
  type: string | null
  /** `untestable`: it has nothing to try. */
  result: 'ok' | 'failed' | 'untestable'
  latencyMs: number | null
  /** Who answered, or what went wrong; null when there is nothing to say. */
  detail: string | null
  /** What to do about it. */
  hint: string | null
  /** The models of a provider, where it lists them. */
  models: string[] | null
}

/** A type of connector or provider that a configuration may name. */
export interface InstalledType {
  kind: 'connector' | 'provider'
  type: string
  /** `built-in`, or the plugin that brings it. */
  origin: string
  /** Of its options, as a configuration gives them; what may be a secret is `"format": "password", "writeOnly": true`. Null where the plugin's schema has none. */
  options: JsonSchema | null
}

export interface InstalledTool {
  name: string
  description: string
  effect: ToolEffect
  /** `built-in`, `program`, or the plugin that brings it. */
  origin: string
  input: JsonSchema
}

export interface Installed {
  types: InstalledType[]
  tools: InstalledTool[]
}

/** Who answers what comes in over a connector. */
export interface RouteSummary {
  connector: string
  agent: string
}
