/**
 * Who asks, as the protocols see it: the library's own words, limited to what this caller may do. REST, the OpenAI routes
 * and MCP speak to this and to nothing behind it, so that a request means the same in each of them.
 */
import type { Asyncv, EventsRequest, RecordedEvent, Reply, SendInput, SendOptions, StreamEvent, Task } from 'asyncv'
import type { Context } from 'hono'
import type { CallerFiles } from './limited-files.ts'

export interface Caller extends Reads {
  /** Whether nobody has said who asks. */
  readonly isAnonymous: boolean
  /** Files of the caller's space. */
  readonly files: CallerFiles
  send(input: SendInput, options?: AskOptions): Promise<Reply>
  stream(input: SendInput, options?: AskOptions): AsyncIterable<StreamEvent>
  /** What to pass to go on with the conversation of a task that answered a caller. */
  conversationOf(task: string): Promise<Conversation>
  /** What happens, as far as it concerns the caller. Ends when the caller's key does. */
  events(request: Pick<EventsRequest, 'after' | 'signal'>): Promise<AsyncIterable<RecordedEvent>>
  /** The task that answers in the place of one that the caller has been shown: itself, unless another one took it up. */
  answering(task: Task): Promise<Task>
  /** The task once it, or what answers in its place, has ended, or as it is after `waitMs`, at most `maxWaitMs`. */
  ended(task: string, options: { waitMs: number; signal?: AbortSignal }): Promise<Task>
}

export type Conversation = Required<Pick<SendInput, 'agent' | 'space' | 'session'>>

/** Longest that `ended` waits. ms; clients and proxies give up on a request after a minute. */
export const maxWaitMs = 55_000

export interface AskOptions extends SendOptions {
  /**
   * When `signal` is aborted, the task is cancelled too, unless this request only joined it or another one has joined it
   * since. Default false: whoever leaves can ask for the answer later.
   */
  cancelOnAbort?: boolean | undefined
}

type Reads = Pick<
  Asyncv,
  | 'agents'
  | 'accept'
  | 'cancel'
  | 'retry'
  | 'timeline'
  | 'task'
  | 'tasks'
  | 'steps'
  | 'session'
  | 'sessions'
  | 'messages'
  | 'deliveries'
  | 'retryDelivery'
  | 'discardDelivery'
  | 'stats'
>

/** Who sent a request; the service has found it out before any route is asked. */
export type CallerOf = (c: Context) => Caller
