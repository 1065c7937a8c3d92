/**
 * The port to what survives. Each verb is one decision and one transaction: it resolves when the decision is on disk,
 * or rejects with `storage_failed` (retryable) and nothing of it is kept. Verbs called one after the other are carried
 * out in that order. The machinery calls them; rules about sessions live there, uniqueness and fences live here.
 */
import type { Actor } from './audit.ts'
import type { AuditStore } from './audit-store.ts'
import type { Reachable } from './backend.ts'
import type { ConnectorState } from './connector.ts'
import type { Delivery, DeliveryKind, DeliveryState, UnsettledState } from './delivery.ts'
import type { ErrorRecord } from './errors.ts'
import type { BlobStore, FileStore } from './file-store.ts'
import type { KeyStore } from './key-store.ts'
import type { ReleaseStore } from './release-store.ts'
import type { SecretStore } from './secret-store.ts'
import type { Earlier, Message, MessagePart, ModelMessage, Person, TextPart } from './message.ts'
import type { Page, PageRequest, Within } from './page.ts'
import type { EventStore } from './recorded-event.ts'
import type { Destination, Session } from './session.ts'
import type { Step, Task, TaskState, Turn, Usage, WhenBusy } from './task.ts'

/** What recognises an event that comes twice. */
export interface DedupeKey {
  /** `tg:<bot id>`, `api:<space>:<agent>`. */
  scope: string
  key: string
  /** Tells a repeat from another body under the same key. */
  bodyHash: string
}

/** For whom a task runs; stored with it, so that it is the same after a crash. */
export interface TaskContext {
  person: Person | null
  space: string
  language: string | null
  metadata: Record<string, unknown>
  /** What the caller said had been said before. */
  earlier?: readonly Earlier[]
}

/** A message that came in, with the ids it gets when it is new. */
export interface Arrival {
  dedupe: DedupeKey | null
  session: { id: string; address: string; agent: string; space: string }
  message: { id: string; parts: readonly MessagePart[] }
  task: { id: string; agent: string; whenBusy: WhenBusy; destination: Destination | null; context: TaskContext }
  /** Start it at once: its lane is idle and there is room. It is queued all the same when the session has open tasks. */
  claim: boolean
  /** Too much waits already: only a message that is known is recognised, and nothing is written. */
  full: boolean
  /** Moves in the same commit, also when the message is a duplicate. */
  state: (ConnectorState & { account: string }) | null
  at: number
}

export type AcceptOutcome =
  | { type: 'accepted'; session: string; seq: number; running: boolean }
  /** Known already; nothing was written but the state. `task` is null for a command. */
  | { type: 'duplicate'; message: string; task: string | null; session: string; sameBody: boolean }
  /** It is new, and there is no room for it. */
  | { type: 'full' }

/** A command, carried out past the lane: it changes other tasks and gets a notice as its answer. */
export interface CommandArrival {
  dedupe: DedupeKey
  /** What to do with the open session at this address, and the tasks in it. */
  action: 'new-session' | 'cancel-open' | 'none'
  session: { id: string; address: string; agent: string; space: string }
  /** Stored as the session's message without a task. */
  message: { id: string; parts: readonly MessagePart[] }
  person: Person | null
  notice: DeliveryDraft | null
  state: (ConnectorState & { account: string }) | null
  at: number
}

export type CommandOutcome =
  /** `cancelled` never ran; `requested` did, and whoever runs them has to be told. */
  | { type: 'carried-out'; session: string; cancelled: string[]; requested: string[] }
  | { type: 'duplicate'; message: string }

/** A task that is now running, with all that a run needs. */
export interface ClaimedTask {
  id: string
  session: string
  address: string
  agent: string
  /** The fence: every later write names it. */
  attempt: number
  crashes: number
  /** It was running when the process died, so it runs alone until it ends. */
  alone: boolean
  destination: Destination | null
  context: TaskContext
  /** The message it was made for; those it took up later are `input` steps. */
  message: { id: string; parts: MessagePart[] }
  /** What earlier attempts finished or began, by n. Empty for a first attempt. */
  steps: Step[]
  /** The placeholder of an earlier attempt, still without its final text. */
  draft: { id: string; part: number; target: string | null } | null
  /** Deliveries it has made already (an earlier failure's notice, say): new ones are numbered from here. */
  parts: number
  /** Somebody asked to cancel it before it started again. */
  cancelRequested: boolean
}

/** Names a running attempt. A verb given a fence that no longer holds rejects with `state_conflict`. */
export interface Fence {
  task: string
  attempt: number
}

/**
 * A step to be written. One that has ended stays as it was when its n is written again: only what is `started`, or was
 * handed back as `unknown` without a result, still becomes `done` or `unknown`.
 */
export type StepRecord = Omit<Step, 'task' | 'attempt'>

export interface DeliveryDraft {
  id: string
  /** Unique: writing the same key twice keeps the first. */
  key: string
  task: string | null
  message: string | null
  part: number
  kind: DeliveryKind
  destination: string
  body: TextPart[]
  /** `sending` when its destination is idle: claimed at birth as attempt 1, so that the send needs no commit before it. */
  state: 'sending' | 'pending'
}

export interface FinishedTask {
  fence: Fence
  session: string
  outcome: 'done' | 'failed' | 'cancelled'
  error: ErrorRecord | null
  usage: Usage
  /** Steps not journaled yet: the last model call, cut tool calls as `unknown`. */
  steps: readonly StepRecord[]
  /** Always added, also for what failed or was cancelled: the person's message and a line about it. */
  turn: { messages: readonly ModelMessage[]; tokens: number }
  deliveries: readonly DeliveryDraft[]
  /**
   * The placeholder that becomes the first slice of the answer; born again with attempt 1. One that a failed or cancelled
   * task does not name is discarded; an answer always names its own.
   */
  draft: { id: string; body: TextPart[]; kind: DeliveryKind; state: 'sending' | 'pending' } | null
  /**
   * What to do about the session's queued tasks: claim the oldest in the same commit; only look whether there are any;
   * or nothing, since none is known to wait, and whoever queues one meanwhile says so.
   */
  next: 'claim' | 'look' | 'nothing'
  at: number
}

export interface FinishOutcome {
  /** The next task of the session, running, when it was to be claimed and there is one. */
  next: ClaimedTask | null
  /** Whether the session has queued tasks left that were not claimed. */
  more: boolean
  /** Absorbed tasks that are queued again, since no finished model call of the failed task saw their messages. */
  requeued: string[]
}

/** A message that a running task takes up. */
export interface AbsorbedMessage {
  task: string
  message: { id: string; parts: MessagePart[] }
}

export type CancelOutcome =
  /** It never ran, and is cancelled now. */
  | { type: 'cancelled'; session: string }
  /**
   * It runs, or ran before and is queued again: the wish is on disk, and whoever runs it has to be told. Only a finish
   * ends it, since what it took up and what it shows have to be seen to.
   */
  | { type: 'requested'; session: string }
  /** It had ended before, or another task answers for it. */
  | { type: 'ended'; state: TaskState }

export type RetryOutcome =
  | { type: 'queued'; task: string; session: string; address: string }
  /** It was asked anew before; nothing was written. */
  | { type: 'repeated'; task: string }
  | { type: 'refused'; state: TaskState }

export type Settlement =
  | { type: 'sent'; target: string }
  /** Surely not sent: try again at `nextAt`. */
  | { type: 'retrying'; nextAt: number; error: ErrorRecord }
  /**
   * May have been sent, and is sent again at `nextAt`. `counted`, here and below: by this very try, which adds one to the
   * sends that may have arrived; an earlier one has been counted.
   */
  | { type: 'uncertain'; nextAt: number; error: ErrorRecord; counted: boolean }
  /** May have been sent, and nobody may repeat it without being asked. */
  | { type: 'held'; error: ErrorRecord; counted: boolean }
  /** Is not tried again; its last try may have arrived all the same. */
  | { type: 'dead'; error: ErrorRecord; counted: boolean }
  /** The message it was to edit is gone: forget the target and post anew at once. */
  | { type: 'repost'; error: ErrorRecord }

export type Taken =
  /** `wasUncertain`: what was tried last may have arrived. */
  | { type: 'delivery'; delivery: Delivery; wasUncertain: boolean }
  /** The earliest open one has to wait until then. */
  | { type: 'later'; at: number }
  /** The earliest open one is a placeholder whose task has not finished, or is being sent: its settling wakes the rest. */
  | { type: 'blocked' }
  | { type: 'idle' }

export interface Recovered {
  /** Tasks that were running when the last owner died. */
  interrupted: number
  /** Sends whose outcome nobody knows. */
  uncertain: number
  /** Sessions with queued tasks, in the order of their oldest; `alone` when that one was running at the crash. */
  lanes: { session: string; address: string; alone: boolean; open: number }[]
  /** Destinations with open deliveries. */
  destinations: string[]
}

/** Everything known about the way of one message. */
export interface MessageTrace {
  message: Message
  dedupe: { scope: string; key: string; at: number } | null
  /** Its own task and, when that was absorbed, the one that answers. */
  tasks: Task[]
  steps: Step[]
  deliveries: Delivery[]
}

/**
 * What is kept for some time only: tasks with the messages they answered, their steps and deliveries; commands with their
 * notices; posts; sessions of which nothing is left; and the keys that recognise what comes twice.
 */
export type Forgettable = 'tasks' | 'commands' | 'posts' | 'sessions' | 'dedupe'

export interface StorageCounts {
  tasks: Record<'queued' | 'running', number>
  deliveries: Record<UnsettledState, number>
  /** Sum of `uncertainCount` over all deliveries. */
  uncertainSends: number
}

export interface Storage extends KeyStore, AuditStore, EventStore, FileStore, SecretStore, ReleaseStore {
  /** What it runs on, for operators; null when the backend does not say. */
  readonly driver: string | null
  /** The bytes of files. */
  readonly blobs: BlobStore
  /** Called once by `stop()`, after everything else has ended. Waits for verbs under way. */
  close(): Promise<void>
  /** Tells other processes on this host where the owner can be reached. */
  announce(details: Reachable): void
  /** Commits that reached the disk since the start, and the transactions they carried. */
  commits(): { commits: number; riders: number }
  /** Why the last commit did not reach the disk; null when it did, or none was tried. */
  refusal(): string | null
  /** Writes what changes nothing, to see whether the disk takes it; rejects with `storage_failed` when it does not. */
  tryDisk(): Promise<void>

  /** Turns what the last owner left behind into queued tasks and uncertain deliveries. Called by `start()` before any other verb. */
  recover(at: number): Promise<Recovered>

  accept(arrival: Arrival): Promise<AcceptOutcome>
  carryOut(command: CommandArrival): Promise<CommandOutcome>
  keepState(state: ConnectorState & { account: string }, at: number): Promise<void>

  /** Starts the oldest queued task of a session; null when there is none, or one runs. */
  claim(session: string, at: number): Promise<ClaimedTask | null>
  journal(fence: Fence, steps: readonly StepRecord[]): Promise<void>
  /** Ends the session's queued tasks with `steer` as absorbed, each with its `input` step from `n` on. */
  absorb(fence: Fence, n: number, at: number): Promise<AbsorbedMessage[]>
  finish(finished: FinishedTask): Promise<FinishOutcome>
  /** Queues a running task again without counting a crash: `stop()` ran out of time. */
  handBack(fence: Fence, steps: readonly StepRecord[], at: number): Promise<void>
  /** Written into the audit log where somebody is named who did it. */
  cancel(task: string, at: number, by?: Actor): Promise<CancelOutcome | null>
  /**
   * Queues a failed or cancelled task again: its finished steps are kept and its turn is removed. When the session has
   * a later turn, a new task with the given ids is made from the same message instead; what is asked again after that is
   * asked of this one. Written into the audit log where somebody is named who did it, as are the two verbs about
   * deliveries below.
   */
  retry(task: string, ids: { task: string; message: string }, at: number, by?: Actor): Promise<RetryOutcome | null>

  /**
   * Writes deliveries that no finish commit carries: posts and placeholders. Gives what stands under their keys. When the
   * first key is known, nothing is written; where only a later one is, it rejects with `state_conflict`, and nothing is
   * written either.
   */
  post(drafts: readonly DeliveryDraft[], at: number): Promise<Delivery[]>
  /** Notes where a placeholder stands; only then may it be edited. Rejects with `state_conflict` when it is not being posted. */
  place(delivery: string, target: string): Promise<void>
  /** Marks the earliest open delivery of a destination as being sent; its attempt is counted before the send. */
  take(destination: string, at: number): Promise<Taken>
  /** Destinations of an account that have open deliveries; what was written before the call is seen. */
  openDestinations(account: string): Promise<string[]>
  /** Notes how a try ended. Rejects with `state_conflict` when another one is under way, or none. */
  settle(
    delivery: { id: string; attempt: number; target: string | null },
    settlement: Settlement,
    at: number,
  ): Promise<void>
  /** Queues a held or dead delivery again. Null when it is unknown; else its destination or the state that forbids it. */
  retryDelivery(id: string, at: number, by?: Actor): Promise<{ destination: string } | { state: DeliveryState } | null>
  discardDelivery(
    id: string,
    at: number,
    by?: Actor,
  ): Promise<{ destination: string } | { state: DeliveryState } | null>

  /** The newest whole turns of a session that fit, oldest first. */
  history(session: string, maxTokens: number): Promise<Turn[]>
  task(id: string): Promise<Task | null>
  tasks(filter: { session?: string; state?: TaskState } & Within & PageRequest): Promise<Page<Task>>
  steps(task: string): Promise<Step[]>
  session(id: string): Promise<Session | null>
  sessions(filter: Within & PageRequest): Promise<Page<Session>>
  messages(session: string, page: PageRequest): Promise<Page<Message>>
  delivery(id: string): Promise<Delivery | null>
  deliveries(
    filter: { state?: DeliveryState; task?: string; destination?: string } & Within & PageRequest,
  ): Promise<Page<Delivery>>
  trace(message: string): Promise<MessageTrace | null>
  /** The id of the message that a task was made for. */
  messageOf(task: string): Promise<string | null>
  connectorState(account: string, key: string): Promise<string | null>
  /**
   * Takes away one piece of what ended before that time, from the oldest on; resolves with the place where the next piece
   * begins, or null at the end. What still waits, runs, is to be sent or decided about by an operator stays.
   */
  forget(what: Forgettable, before: number, after: string | null): Promise<string | null>
  counts(): Promise<StorageCounts>
}
