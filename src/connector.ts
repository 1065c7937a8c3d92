/** The port to a chat platform. */
import type { Person, TextPart } from './message.ts'
import type { Logger } from './logger.ts'
import type { Check } from './provider.ts'
import type { Destination } from './session.ts'

/** What arrived, as a connector's `parse` reads it. */
export type Inbound = InboundMessage | InboundCommand | InboundUnsupported

interface InboundBase {
  /** The platform's id of the event, unique within the account: what a redelivery is recognised by. */
  eventId: string
  from: Destination
  person: Person
  /** BCP 47, where the platform tells. */
  language?: string
}

export interface InboundMessage extends InboundBase {
  type: 'message'
  parts: TextPart[]
}

/** `/new` starts a new session, `/stop` cancels what is under way, `/start` greets. Carried out past the lane. */
export interface InboundCommand extends InboundBase {
  type: 'command'
  command: 'new' | 'stop' | 'start'
}

/** Something a person sent that no agent can read yet; they are told so. */
export interface InboundUnsupported extends InboundBase {
  type: 'unsupported'
}

/** A value a connector keeps across restarts, such as an offset. It moves in the commit of the message it belongs to. */
export interface ConnectorState {
  key: string
  value: string
}

export interface Accepted {
  message: string
  /** `null` for commands and what is unsupported. */
  task: string | null
  duplicate: boolean
}

/** What a connector may ask of the runtime. */
export interface ConnectorHost {
  /**
   * Takes in what arrived; resolves when it is on disk, which is when the platform may be told so. With `null` only the
   * state moves. Safe to call again with the same event. Rejects with `input_invalid` for an event that can never be taken
   * in: pass it over. When it rejects with anything else (the inbox is full, the disk refuses, a bug), the event is on no
   * disk: do not acknowledge, and offer it again.
   */
  accept(inbound: Inbound | null, options: { account: string; state?: ConnectorState }): Promise<Accepted | null>
  /** Reads back a value kept with `accept`. */
  state(account: string, key: string): Promise<string | null>
  logger: Logger
  /** Says whether the platform can be reached and takes the credentials: `/readyz` shows it. Ok until it says otherwise. */
  health(state: { ok: true } | { ok: false; detail: string }): void
  /** Aborted when the connector is over, after `stop()`, the last send and `close()`. */
  signal: AbortSignal
}

export type Operation =
  | { type: 'post'; destination: Destination; parts: readonly TextPart[] }
  | { type: 'edit'; destination: Destination; target: string; parts: readonly TextPart[] }
  | { type: 'typing'; destination: Destination }

/** The platform's word that it has a message. */
export interface Receipt {
  /** The platform's id of the message. */
  target: string
  /** ms since the epoch. */
  at: number
}

/**
 * How a `send` failed, in terms of whether it may have happened. `gone` concerns an edit whose message was deleted; of a
 * post it means the same as `refused`.
 */
export type SendFailure =
  | { type: 'not-sent'; message: string; retryAfterMs?: number }
  | { type: 'refused'; message: string }
  | { type: 'gone'; message: string }
  | { type: 'uncertain'; message: string }

/** What `send` rejects with. Anything else it rejects with counts as uncertain. */
export class SendError extends Error {
  override readonly name = 'SendError'
  constructor(
    readonly failure: SendFailure,
    options?: { cause?: unknown },
  ) {
    super(failure.message, options)
  }
}

export interface ConnectorSupport {
  /** Longest text of one message in UTF-16 code units; longer answers become several deliveries. */
  textLimit: number
  edits: boolean
  typing: boolean
  /** Placeholder and edits while the model writes; `null` posts only finished answers. */
  streaming: { placeholderAfterMs: number; placeholder: string } | null
  pace: Pace
}

/** How fast the platform lets us send; 0 or `Infinity` lifts a limit. */
export interface Pace {
  /** Least ms between two sends to one conversation. */
  perConversationMs: number
  /** Sends in a minute to one group conversation. */
  perGroupPerMinute: number
  /** Sends in a second, all conversations together. */
  perSecond: number
  /** Tells groups from private conversations. */
  isGroup(conversation: string): boolean
}

export interface Connector {
  readonly type: string
  readonly supports: ConnectorSupport
  /**
   * Connects and resolves with the account's address, such as `tg:<bot id>`. Called by `start()`, after recovery,
   * and again when a runtime that was stopped is started again.
   * Rejects with an `AsyncvError` that says what to mend; then nothing is left running.
   */
  start(host: ConnectorHost): Promise<{ account: string }>
  /** Stops taking in; resolves when nothing of it runs but sends under way. Called once for each `start`. */
  stop(): Promise<void>
  /**
   * Carries out one operation, once, without retries. Called by the outbox: posts and edits of one destination one at a
   * time, typing beside them. `key` is the same when a cut send is repeated. Rejects with `SendError`; an
   * edit to the same text resolves. When `signal` is aborted it rejects soon, with what it knows: after 1,000 ms it is
   * left behind, and what it was sending counts as uncertain.
   */
  send(operation: Operation, call: { key: string; signal: AbortSignal }): Promise<Receipt>
  /** Finds what a cut send left behind. Only where the platform can tell; then nothing is sent twice. */
  lookup?(key: string, destination: Destination): Promise<Receipt | null>
  /**
   * Answers what the platform sends to the service at `/connectors/<name>`, with the body as it came. Anybody can call this,
   * so it looks at the signature or secret first, before it parses, in constant time; it answers with success only when
   * `host.accept` has resolved or said that the event can never be taken in, and with 503 when that rejects with anything
   * else, so that the platform sends it again. Called between `start` and `stop`, side by side. What it rejects with is answered as 500.
   */
  webhook?(request: Request): Promise<Response>
  /** Tells whether the platform accepts the credentials. Called by a person's command; does not throw. */
  test?(signal?: AbortSignal): Promise<Check>
  /** Closes kept connections and what is still under way with them. Called after the last send; `start` may follow. Left behind after 5 s. */
  close?(): Promise<void>
}
