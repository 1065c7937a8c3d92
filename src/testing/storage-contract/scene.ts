/** What the cases of the storage contract begin with: an empty storage, a time that stands still, and short ways to get going. */
import assert from 'node:assert/strict'
import { uuidv7 } from '../../internal/id.ts'
import type { TextPart } from '../../message.ts'
import { addressOf, type Destination } from '../../session.ts'
import type {
  AcceptOutcome,
  Arrival,
  ClaimedTask,
  CommandArrival,
  DeliveryDraft,
  Fence,
  FinishedTask,
  StepRecord,
  Storage,
} from '../../storage.ts'

export interface OpenedStorage {
  storage: Storage
  /**
   * Gives the same data as the next process would find it when this one dies now. A storage that keeps nothing beyond
   * its process may give itself.
   */
  afterDeath(): Promise<Storage>
}

export interface Scene {
  storage: Storage
  /** The time of every verb, ms. Cases move it on. */
  at: number
  /** Goes on with the storage of the next process, not yet recovered. */
  die(): Promise<void>
}

export function sceneOn({ storage, afterDeath }: OpenedStorage): Scene {
  return {
    storage,
    at: 1_000,
    async die() {
      this.storage = await afterDeath()
    },
  }
}

/** A new id; later ones are greater. */
export const newId = (): string => uuidv7()

export const chat: Destination = { account: 'tg:1', conversation: '42' }
/** Where `chat` is, as deliveries and sessions name it. */
export const address = addressOf(chat)

export function text(said: string): TextPart[] {
  return [{ type: 'text', text: said }]
}

export interface Said {
  address?: string
  key?: string
  scope?: string
  bodyHash?: string
  words?: string
  whenBusy?: 'steer' | 'queue'
  claim?: boolean
  full?: boolean
  state?: Arrival['state']
}

export function arrivalOf(scene: Scene, said: Said = {}): Arrival {
  const { scope = 'tg:1', key, bodyHash = '' } = said
  return {
    dedupe: key === undefined ? null : { scope, key, bodyHash },
    session: { id: newId(), address: said.address ?? address, agent: 'support', space: 'default' },
    message: { id: newId(), parts: text(said.words ?? 'hello') },
    task: {
      id: newId(),
      agent: 'support',
      whenBusy: said.whenBusy ?? 'queue',
      destination: chat,
      context: { person: { id: '7', name: 'Zoë' }, space: 'default', language: 'zh', metadata: { order: 7 } },
    },
    claim: said.claim ?? false,
    full: said.full ?? false,
    state: said.state ?? null,
    at: scene.at,
  }
}

export interface Taken {
  session: string
  seq: number
  message: string
  task: string
}

/** A message that has come in. */
export async function accept(scene: Scene, said: Said = {}): Promise<Taken> {
  const arrival = arrivalOf(scene, said)
  const outcome = accepted(await scene.storage.accept(arrival))
  return { session: outcome.session, seq: outcome.seq, message: arrival.message.id, task: arrival.task.id }
}

/** A message whose task runs since it was accepted. */
export async function begin(scene: Scene, said: Said = {}): Promise<Taken & { fence: Fence }> {
  const arrival = arrivalOf(scene, { ...said, claim: true })
  const { session, seq, running } = accepted(await scene.storage.accept(arrival))
  assert.equal(running, true, 'a claimed arrival of an idle session runs')
  const task = arrival.task.id
  return { session, seq, message: arrival.message.id, task, fence: { task, attempt: 1 } }
}

export function accepted(outcome: AcceptOutcome): Extract<AcceptOutcome, { type: 'accepted' }> {
  assert.equal(outcome.type, 'accepted')
  // The line above has just made sure of it.
  return outcome as Extract<AcceptOutcome, { type: 'accepted' }>
}

/** Starts the session's next task, which has to be there. */
export async function claim(scene: Scene, session: string): Promise<ClaimedTask> {
  const task = await scene.storage.claim(session, scene.at)
  assert.ok(task, 'there is a task to claim')
  return task
}

export function fenceOf({ id, attempt }: ClaimedTask): Fence {
  return { task: id, attempt }
}

export function stepOf(n: number, step: Partial<StepRecord> = {}): StepRecord {
  return {
    n,
    kind: 'model',
    state: 'done',
    name: 'main/m',
    effect: null,
    call: null,
    result: { text: `step ${n}` },
    usage: { inputTokens: 0, outputTokens: 0 },
    startedAt: 1_000,
    endedAt: 1_001,
    ...step,
  }
}

export interface Ended extends Partial<Omit<FinishedTask, 'fence' | 'session' | 'turn'>> {
  reply?: string
  tokens?: number
}

export function finishOf(
  scene: Scene,
  { session, fence }: { session: string; fence: Fence },
  ended: Ended = {},
): FinishedTask {
  const { reply = 'hi', tokens = 10, ...rest } = ended
  return {
    fence,
    session,
    outcome: 'done',
    error: null,
    usage: { inputTokens: 3, outputTokens: 2 },
    steps: [],
    turn: {
      messages: [
        { role: 'user', parts: text('hello') },
        { role: 'assistant', parts: text(reply) },
      ],
      tokens,
    },
    deliveries: [],
    draft: null,
    next: 'look',
    at: scene.at,
    ...rest,
  }
}

export function deliveryOf(task: string | null, part = 0, delivery: Partial<DeliveryDraft> = {}): DeliveryDraft {
  const id = newId()
  return {
    id,
    key: task === null ? `post/${id}` : `${task}/${part}`,
    task,
    message: null,
    part,
    kind: task === null ? 'post' : 'answer',
    destination: address,
    body: text(`part ${part}`),
    state: 'pending',
    ...delivery,
  }
}

export function commandOf(scene: Scene, action: CommandArrival['action'], key: string = newId()): CommandArrival {
  return {
    dedupe: { scope: 'tg:1', key, bodyHash: '' },
    action,
    session: { id: newId(), address, agent: 'support', space: 'default' },
    message: { id: newId(), parts: text('/command') },
    person: { id: '7' },
    notice: null,
    state: null,
    at: scene.at,
  }
}

/** The attempt that writes is over: the write was refused. */
export async function refused(write: Promise<unknown>): Promise<void> {
  await assert.rejects(write, { name: 'AsyncvError', code: 'state_conflict' })
}
