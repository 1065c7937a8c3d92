/**
 * One attempt of a task, from its claim to the commit that ends it: turn, end of task and deliveries in one transaction.
 * Whatever dies before that commit leaves the task running in the database, and recovery queues it again; whatever dies
 * after it finds the deliveries there.
 */
import type { Clock } from '../clock.ts'
import type { Outgoing } from '../delivery.ts'
import { AsyncvError, type ErrorRecord } from '../errors.ts'
import type { AsyncvEvent } from '../event.ts'
import type { Replies } from '../inbox/replies.ts'
import type { TextPart } from '../message.ts'
import type { ModelCallOptions } from '../options.ts'
import type { Accounts } from '../outbox/accounts.ts'
import { deliveriesOf } from '../outbox/answer.ts'
import { type ChatStream, openChatStream } from '../outbox/chat-stream.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { addressOf, type Destination } from '../session.ts'
import type { ClaimedTask, FinishedTask, FinishOutcome, Storage } from '../storage.ts'
import type { Texts } from '../texts.ts'
import { Interruption } from './interruption.ts'
import type { LiveHub } from './live.ts'
import type { AgentsInUse, RunPorts } from './ports.ts'
import { run, type RunOutcome } from './run.ts'
import type { TokenScale } from './tokens.ts'
import { Transcript } from './transcript.ts'
import { turnOf } from './turn.ts'

export interface AttemptPorts {
  storage: Storage
  clock: Clock
  parts: { begin(): AgentsInUse }
  live: LiveHub
  outbox: Outbox
  accounts: Accounts
  replies: Replies
  tokens: TokenScale
  retry: Required<ModelCallOptions>
  texts(language: string | null): Texts
  emit(event: AsyncvEvent): void
  files: RunPorts['files']
  hide: RunPorts['hide']
  persist<Value>(write: () => Promise<Value>): Promise<Value>
}

/** What the lane lets the attempt know. */
export interface AttemptLane {
  /** Aborted with an `Interruption`, by the lane or by the run's own time limit. */
  interrupt: AbortController
  mayAbsorb(): boolean
  /** Asked once, right before the finish commit: what becomes of the session's next task in it. */
  next(): FinishedTask['next']
}

export interface AttemptEnd {
  next: ClaimedTask | null
  /** The session has queued tasks that were not claimed. */
  more: boolean
}

/** Crashes of the process while a task ran alone, after which it is not tried again. */
const poisonousCrashes = 3

/**
 * Longest text for a platform that is not there to be asked, in UTF-16 code units: what WeChat's 2,048 bytes hold of
 * Chinese; other platforms take more. Too long a text would be refused when the connector is back; one that is cut too
 * early is only more messages.
 */
const unknownTextLimit = 600

export async function attempt(task: ClaimedTask, lane: AttemptLane, ports: AttemptPorts): Promise<AttemptEnd> {
  const { clock, storage } = ports
  ports.emit({ type: 'task.started', at: clock.now(), task: task.id, session: task.session, attempt: task.attempt })
  const feed = ports.live.open(task.id, task.attempt)
  const chat = chatOf(task, ports, () => feed.text)
  const use = ports.parts.begin()
  try {
    const outcome = await outcomeOf(task, lane, ports, feed, use)
    if (outcome.type === 'handed-back') {
      await leave(chat, ports)
      const fence = { task: task.id, attempt: task.attempt }
      await ports.persist(() => storage.handBack(fence, outcome.steps, clock.now()))
      ports.emit({ type: 'task.requeued', at: clock.now(), task: task.id, session: task.session })
      return { next: null, more: true }
    }
    const next = lane.next()
    return await finish(task, outcome, chat, next, ports).catch((error: unknown) => {
      if (!isDefect(error)) throw error
      // Left as it is, the task would be running for ever, and its session mute: it ends without what could not be written.
      const failure = new AsyncvError('internal', `The end of task ${task.id} could not be written.`, { cause: error })
      return finish(
        task,
        { type: 'failed', error: failure, transcript: new Transcript(task), steps: [] },
        chat,
        next,
        ports,
      )
    })
  } catch (error) {
    await leave(chat, ports)
    throw error
  } finally {
    feed.close()
    use.end()
  }
}

/** Ends what is shown in the chat, and lets others send there. */
async function leave(chat: Chat | null, { outbox }: AttemptPorts): Promise<void> {
  if (chat === null) return
  const { reserved } = await chat.stream.close()
  if (reserved) outbox.release(addressOf(chat.destination))
}

/** Neither the disk nor another attempt stands behind it: trying again would not help. */
function isDefect(error: unknown): boolean {
  return !(error instanceof AsyncvError) || error.code === 'internal'
}

interface Chat {
  destination: Destination
  textLimit: number
  stream: ChatStream
}

function chatOf(task: ClaimedTask, ports: AttemptPorts, text: () => string): Chat | null {
  const { destination } = task
  if (destination === null) return null
  const account = ports.accounts.of(destination.account)
  if (account === null) return { destination, textLimit: unknownTextLimit, stream: noStream(task) }
  const stream = openChatStream(task, destination, account, text, ports)
  return { destination, textLimit: account.connector.supports.textLimit, stream }
}

/** The connector is not configured any more: nothing is shown, and the answer waits in the outbox. */
function noStream({ draft }: ClaimedTask): ChatStream {
  return { close: async () => ({ draft, reserved: false }) }
}

/** Runs the task, unless it is not to be run at all. */
async function outcomeOf(
  task: ClaimedTask,
  lane: AttemptLane,
  ports: AttemptPorts,
  feed: ReturnType<LiveHub['open']>,
  { agents }: AgentsInUse,
): Promise<RunOutcome> {
  const unrun = (type: 'failed' | 'cancelled', error?: AsyncvError): RunOutcome => {
    const transcript = new Transcript(task)
    return type === 'failed' && error !== undefined
      ? { type, error, transcript, steps: [] }
      : { type: 'cancelled', told: toldAlready(lane.interrupt.signal), transcript, steps: [] }
  }
  if (task.cancelRequested) return unrun('cancelled')
  if (task.crashes >= poisonousCrashes) {
    const message = `Task ${task.id} was running alone at ${task.crashes} deaths of the process.`
    const hint = 'Look at its steps for what it did last; `retry` runs it again.'
    return unrun('failed', new AsyncvError('task_poisonous', message, { hint, task: task.id }))
  }
  const agent = agents.get(task.agent)
  if (agent === undefined) {
    const known = [...agents.keys()].join(', ')
    const hint = `Configure it again and retry the task. Known agents: ${known}.`
    return unrun(
      'failed',
      new AsyncvError('agent_gone', `Agent "${task.agent}" is not configured.`, { hint, task: task.id }),
    )
  }
  const onAbsorbed = (absorbed: string): void => {
    ports.emit({ type: 'task.absorbed', at: ports.clock.now(), task: absorbed, session: task.session, into: task.id })
    ports.replies.settle(absorbed, { type: 'absorbed', into: task.id })
  }
  const { storage, clock, retry, tokens, emit, files, hide, persist } = ports
  const { mayAbsorb, interrupt } = lane
  const work = { storage, clock, feed, retry, tokens, emit, files, hide, onAbsorbed, mayAbsorb, persist }
  return run(task, agent, work, interrupt)
}

/** Whether the person in the chat knows; a wish of before a restart has left no word of it, and is not told twice. */
function toldAlready({ reason }: AbortSignal): boolean {
  return reason instanceof Interruption && reason.why === 'cancel' ? reason.told : true
}

async function finish(
  task: ClaimedTask,
  outcome: Exclude<RunOutcome, { type: 'handed-back' }>,
  chat: Chat | null,
  next: FinishedTask['next'],
  ports: AttemptPorts,
): Promise<AttemptEnd> {
  const { clock, storage, outbox } = ports
  const written = chat === null ? null : await writeAnswer(task, outcome, chat, ports)
  const error: ErrorRecord | null = outcome.type === 'failed' ? { ...outcome.error.toJSON(), task: task.id } : null
  const finished: FinishedTask = {
    fence: { task: task.id, attempt: task.attempt },
    session: task.session,
    outcome: outcome.type,
    error,
    usage: outcome.transcript.usage,
    steps: outcome.steps,
    turn: turnOf(outcome),
    deliveries: written?.deliveries ?? [],
    draft: written?.draft ?? null,
    next,
    at: clock.now(),
  }
  let ended: FinishOutcome
  try {
    ended = await ports.persist(() => storage.finish(finished))
  } catch (failure) {
    if (written?.reserved) outbox.release(written.destination)
    throw failure
  }
  if (written !== null) send(written, finished, outbox)
  announce(task, outcome, ended, ports)
  return ended
}

interface WrittenAnswer extends Pick<FinishedTask, 'deliveries' | 'draft'> {
  destination: string
  reserved: boolean
  /** What goes out as soon as it is written. */
  first: Pick<Outgoing, 'id' | 'key' | 'target' | 'body'> | null
}

async function writeAnswer(
  task: ClaimedTask,
  outcome: RunOutcome,
  chat: Chat,
  ports: AttemptPorts,
): Promise<WrittenAnswer> {
  const { draft, reserved: held } = await chat.stream.close()
  const destination = addressOf(chat.destination)
  const said = wordsFor(outcome, () => ports.texts(task.context.language), draft !== null)
  if (said === null) {
    if (held) ports.outbox.release(destination)
    return { deliveries: [], draft: null, destination, reserved: false, first: null }
  }
  const reserved = held || (draft === null && ports.outbox.reserve(destination))
  const { kind, parts } = said
  const answer = { kind, parts, destination, textLimit: chat.textLimit, draft, reserved }
  const written = deliveriesOf(task, answer, ports.clock)
  const [posted] = written.deliveries
  const filled = draft === null ? null : { ...draft, key: `${task.id}/${draft.part}`, body: written.draft?.body ?? [] }
  const first = filled ?? (posted && { id: posted.id, key: posted.key, target: null, body: posted.body })
  return { deliveries: written.deliveries, draft: written.draft, destination, reserved, first: first ?? null }
}

/** What the person in the chat gets to read; null when they know already. */
function wordsFor(
  outcome: RunOutcome,
  texts: () => Texts,
  hasDraft: boolean,
): { kind: 'answer' | 'notice'; parts: TextPart[] } | null {
  switch (outcome.type) {
    case 'done':
      return { kind: 'answer', parts: outcome.reply }
    case 'failed':
      return { kind: 'notice', parts: [{ type: 'text', text: texts().failed }] }
    case 'cancelled':
      return outcome.told && !hasDraft ? null : { kind: 'notice', parts: [{ type: 'text', text: texts().cancelled }] }
    case 'handed-back':
      return null
  }
}

/** Hands the first delivery over as it was born, and lets the outbox find the others. */
function send(written: WrittenAnswer, finished: FinishedTask, outbox: Outbox): void {
  const { destination, reserved, first } = written
  if (first === null) {
    if (reserved) outbox.release(destination)
    return
  }
  if (!reserved) return outbox.wake(destination)
  const { id, key, target, body } = first
  const { fence, at } = finished
  const born = { attempt: 1, createdAt: at, retriedAt: null }
  outbox.dispatch({ id, key, target, body, destination, task: fence.task, ...born })
  const count = finished.deliveries.length + (finished.draft === null ? 0 : 1)
  if (count > 1) outbox.wake(destination)
}

function announce(
  task: ClaimedTask,
  outcome: RunOutcome,
  ended: FinishOutcome,
  { clock, emit, replies }: AttemptPorts,
): void {
  const subject = { at: clock.now(), task: task.id, session: task.session }
  switch (outcome.type) {
    case 'done':
      emit({ type: 'task.finished', ...subject })
      replies.settle(task.id, { type: 'done', reply: outcome.reply, usage: outcome.transcript.usage })
      break
    case 'failed': {
      const error = { ...outcome.error.toJSON(), task: task.id }
      emit({ type: 'task.failed', ...subject, error })
      replies.settle(task.id, { type: 'failed', error })
      break
    }
    case 'cancelled':
      emit({ type: 'task.cancelled', ...subject })
      replies.settle(task.id, { type: 'cancelled' })
      break
    case 'handed-back':
      break
  }
  for (const requeued of ended.requeued) emit({ type: 'task.requeued', ...subject, task: requeued })
}
