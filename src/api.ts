/** What `createAsyncv` gives: the surface that programs, the server and the command use. */
import type { Actor } from './audit.ts'
import type { Audit } from './audit-log.ts'
import type { Reachable } from './backend.ts'
import type { Delivery, DeliveryState } from './delivery.ts'
import type { AsyncvEventOf, AsyncvEventType, LiveEvent } from './event.ts'
import type { Keys } from './keys.ts'
import type { Files } from './file.ts'
import type { Earlier, FileReference, Message, Person, TextPart } from './message.ts'
import type { Releases } from './releasing.ts'
import type { Session } from './session.ts'
import type { Secrets } from './vault/secrets.ts'
import type { EventsRequest, RecordedEvent } from './recorded-event.ts'
import type { Connectors, Drain, Installed, Providers, RouteSummary, Status } from './operating.ts'
import type { Page, PageRequest, Within } from './page.ts'
import type { MessageTrace, StorageCounts } from './storage.ts'
import type { Step, Task, TaskState, Turn, Usage, WhenBusy } from './task.ts'

/** A message for an agent. Give `text` or `parts`. */
export interface SendInput {
  agent: string
  /** The caller's own id of the conversation, 1 to 200 characters. Without it a new conversation begins. */
  session?: string
  text?: string
  /** Files are named by their id; see `asyncv.files`. At most 20 of them. */
  parts?: readonly (TextPart | FileReference)[]
  /**
   * 1 to 200 characters. A repeat with the same key and body joins the task in flight or gets its answer; with another
   * body it is refused. Keys count within the agent and space.
   */
  idempotencyKey?: string
  /** Default: the agent's, else `queue`. */
  whenBusy?: WhenBusy
  /** Handed to tools and instructions; a JSON object. */
  metadata?: Record<string, unknown>
  person?: Person
  language?: string
  /**
   * What was said before, oldest first, for a conversation that begins with this message: the agent remembers it from
   * then on. Only without `session`.
   */
  history?: readonly Earlier[]
  /** Keeps callers apart: sessions and keys of two spaces never meet. Default `default`. */
  space?: string
}

export interface SendOptions {
  /** Stops waiting; the task goes on. Use `cancel` to end it. */
  signal?: AbortSignal
  /** How long to wait for the answer before rejecting with `reply_timeout`; the task goes on. ms. */
  replyTimeoutMs?: number
  /** Called by `send` once the message is on disk; a stream yields this as its first event. */
  onAccepted?(receipted: Receipted): void
}

/** Acknowledged: the message is on disk. */
export interface Receipted {
  task: string
  /** What to pass as `session` to go on with this conversation. */
  session: string
  message: string
  /** The idempotency key was known: this is the first call's task. */
  duplicate: boolean
}

export interface Reply extends Receipted {
  text: string
  parts: TextPart[]
  usage: Usage
}

export type StreamEvent = ({ type: 'task.accepted' } & Receipted) | LiveEvent | ({ type: 'task.finished' } & Reply)

export interface PostInput {
  /** The connector's name in the configuration. */
  connector: string
  conversation: string
  thread?: string
  text: string
  /** A repeat with the same key sends nothing. 1 to 200 characters; each connector's account has its own. */
  idempotencyKey?: string
}

/** "Where is my message?": what happened to it, in order. */
export interface Timeline extends MessageTrace {
  entries: TimelineEntry[]
}

export interface TimelineEntry {
  at: number
  what:
    | 'message.received'
    | 'task.started'
    | 'task.absorbed'
    | 'step.started'
    | 'step.finished'
    | 'task.ended'
    | 'delivery.created'
    | 'delivery.settled'
  /** A sentence for people. */
  text: string
  /** The id of the message, task or delivery it speaks of. */
  subject: string
}

export interface Readiness {
  ready: boolean
  /**
   * One entry for each part: storage, each connector, draining. A connector whose platform is away is not `ok`, with what
   * there is to do as `detail`; others are answered all the same, so that alone is no reason not to be ready.
   */
  checks: { name: string; ok: boolean; detail?: string }[]
}

export interface Stats extends StorageCounts {
  /** Messages accepted since the start, repeats not counted. */
  accepted: number
  /** Deliveries that arrived since the start. */
  sent: number
  /** Tasks that ended since the start. */
  ended: Record<'done' | 'failed' | 'cancelled', number>
  /** Commits that reached the disk since the start, and the transactions they carried. */
  commits: { commits: number; riders: number }
}

export interface StopOptions {
  /** How long a start, running tasks and sends may go on before they are cut or handed back. ms, default 30,000. */
  drainMs?: number
  /** Aborted: no more waiting, hand back at once. */
  signal?: AbortSignal
}

export interface AgentSummary {
  name: string
  model: readonly string[]
  tools: string[]
}

export interface Asyncv {
  /** Opens storage, migrates, recovers, then connects. Rejects and holds nothing when a part cannot start. */
  start(): Promise<void>
  /** Takes nothing more in, drains, hands back what is not done, closes. The process can then end by itself. */
  stop(options?: StopOptions): Promise<void>

  /** Accepts a message and resolves with the answer; rejects with an `AsyncvError` that carries `task` when it fails. */
  send(input: SendInput, options?: SendOptions): Promise<Reply>
  /** Accepts a message and yields what happens; throws like `send`. Leaving the loop does not cancel the task. */
  stream(input: SendInput, options?: SendOptions): AsyncIterable<StreamEvent>
  /** Accepts a message and resolves once it is on disk. */
  accept(input: SendInput): Promise<Receipted>
  /** Waits for the answer of a task that was accepted. */
  reply(task: string, options?: SendOptions): Promise<Reply>
  /**
   * Speaks first, through the outbox; resolves when it is on disk, with the first delivery of a text that takes several.
   * Throws `idempotency_conflict` when the key stands for other words or another place.
   */
  post(input: PostInput): Promise<Delivery>

  /**
   * Cancels a task wherever it is; resolves with its state after the wish is on disk. With `by` it is written into the audit
   * log: somebody decided it for others.
   */
  cancel(task: string, by?: Actor): Promise<Task>
  /**
   * Runs a failed or cancelled task again; resolves with the task that answers, which is new if the session went on. `by` goes
   * into the audit log, as with deliveries; default: the program.
   */
  retry(task: string, by?: Actor): Promise<Task>
  timeline(message: string): Promise<Timeline>

  task(id: string): Promise<Task>
  tasks(filter?: { session?: string; state?: TaskState } & Within & PageRequest): Promise<Page<Task>>
  steps(task: string): Promise<Step[]>
  session(id: string): Promise<Session>
  sessions(filter?: Within & PageRequest): Promise<Page<Session>>
  messages(session: string, page?: PageRequest): Promise<Page<Message>>
  history(session: string): Promise<Turn[]>
  deliveries(
    filter?: { state?: DeliveryState; task?: string; destination?: string } & Within & PageRequest,
  ): Promise<Page<Delivery>>
  retryDelivery(id: string, by?: Actor): Promise<Delivery>
  discardDelivery(id: string, by?: Actor): Promise<Delivery>

  delivery(id: string): Promise<Delivery>

  /**
   * What happens, in the order in which it was committed, from the database: a reader that comes back with the last id it
   * saw misses nothing and sees nothing twice, also when the process died meanwhile. Resolves when the place to begin is
   * known; rejects with `events_off` unless `events.keepMs` is set.
   */
  events(request?: EventsRequest): Promise<AsyncIterable<RecordedEvent>>

  /** What callers of the service identify themselves with. */
  readonly keys: Keys
  /** What those who manage this runtime did. */
  readonly audit: Audit
  /** The vault, for those who manage it: values go in, and never come out. */
  readonly secrets: Secrets
  /** What this runtime is by what its publishers say. */
  readonly releases: Releases
  /** Files for messages to name. */
  readonly files: Files
  readonly connectors: Connectors
  readonly providers: Providers
  readonly drain: Drain
  readonly agents: readonly AgentSummary[]
  ready(): Promise<Readiness>
  stats(): Promise<Stats>
  /** How it is doing, also before `start` and after `stop`. */
  status(): Promise<Status>
  /** What its configuration may name: types of connectors and providers, and tools. */
  installed(): Promise<Installed>
  routes(): RouteSummary[]
  /**
   * Hands a connector what its platform sends over HTTP, and gives its answer; null where there is no connector of that
   * name, or it takes nothing over HTTP. Called by the server. Rejects with `not_running` before `start` and after `stop`.
   */
  webhook(connector: string, request: Request): Promise<Response | null>
  /** Tells the host's other processes where this runtime listens, once it is started. Called by the server. */
  announce(details: Reachable): void
  /** Hears events of one type; returns how to stop hearing. An observer that throws is logged and changes nothing. */
  on<Type extends AsyncvEventType>(type: Type, observer: (event: AsyncvEventOf<Type>) => void): () => void
}
