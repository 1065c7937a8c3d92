/**
 * A chat platform in memory, with people whose words a test writes:
 *
 * ```ts
 * const chat = fakeConnector()
 * const asyncv = createAsyncv({ connectors: { chat }, agents: [ … ] })
 * await asyncv.start()
 * await chat.say('ada', 'hello')
 * const answer = await chat.next('ada')
 * ```
 *
 * It does on purpose what real platforms do by accident: it offers messages twice (`times`), in another order (`hold`,
 * `release`), and loses the outcome of sends (`fail`). The platform outlives a stop: started again, by another runtime
 * perhaps, it offers what nobody has taken in.
 */
import {
  type Accepted,
  type Connector,
  type ConnectorHost,
  type ConnectorSupport,
  type Inbound,
  type Operation,
  type Receipt,
  SendError,
  type SendFailure,
} from '../connector.ts'
import { AsyncvError } from '../errors.ts'
import { deferred } from '../internal/deferred.ts'
import { type Person, textOf } from '../message.ts'

export interface FakeConnectorOptions extends Partial<ConnectorSupport> {
  /** The account's address. Default `fake:1`. */
  account?: string
  /** Whether it can tell what became of a cut send, by its key. Default false, like most platforms. */
  lookup?: boolean
}

export interface SayOptions {
  /** Default: a person with the conversation's id. */
  person?: Person
  language?: string
  thread?: string
  /** How often the platform offers it, always as the same event. Default 1. */
  times?: number
}

/** One thing that was sent. */
export interface FakeSent {
  type: 'post' | 'edit'
  conversation: string
  thread?: string
  target: string
  key: string
  text: string
  /** ms since the epoch. */
  at: number
}

/** A message as it stands in its conversation now. */
export interface FakeMessage {
  target: string
  text: string
  edits: number
}

export interface FakeConnector extends Connector {
  /**
   * Somebody says something: `/new`, `/stop` and `/start` are commands. Resolves when the runtime has it, with what it
   * made of the first offer; rejects when the runtime says it never will.
   */
  say(conversation: string, text: string, options?: SayOptions): Promise<Accepted>
  /** From now on what people say is kept back. */
  hold(): void
  /** Offers what was kept back, one after the other: as it was said, or the last first. */
  release(order?: 'said' | 'reversed'): void
  /** Everything that was taken in, as it was said; what was offered twice is here once. */
  readonly acknowledged: readonly string[]

  /** Every post and edit, in order. */
  readonly sent: readonly FakeSent[]
  /** What stands in a conversation. */
  shown(conversation: string): readonly FakeMessage[]
  /** How often "typing" was shown in a conversation. */
  typings(conversation: string): number
  /** The next post or edit of a conversation, behind the one returned last; waits up to `timeoutMs` (default 5,000). */
  next(conversation: string, predicate?: (sent: FakeSent) => boolean, timeoutMs?: number): Promise<FakeSent>
  /**
   * The next send fails so. With `arrived` the platform has carried it out all the same, which is what an uncertain
   * failure is about.
   */
  fail(failure: SendFailure, options?: { arrived?: boolean }): void
  /** Somebody deletes a message. */
  delete(conversation: string, target: string): void
}

interface Said {
  inbound: Inbound
  text: string
  times: number
  accepted: ReturnType<typeof deferred<Accepted>>
}

interface Run {
  host: ConnectorHost
  stopping: AbortController
  /** The end of what is being offered, by conversation: in one of them nothing overtakes. */
  tails: Map<string, Promise<void>>
}

/** Between two offers of what the runtime could not take, ms. */
const offerEveryMs = 10

export function fakeConnector(options: FakeConnectorOptions = {}): FakeConnector {
  const { account = 'fake:1', lookup = false, ...supports } = options
  const untaken: Said[] = []
  const acknowledged: string[] = []
  const sent: FakeSent[] = []
  const conversations = new Map<string, { messages: FakeMessage[]; typings: number; read: number }>()
  const failures: { failure: SendFailure; arrived: boolean }[] = []
  const watchers = new Set<() => void>()
  let events = 0
  let targets = 0
  let held: Said[] | null = null
  let run: Run | null = null

  function place(conversation: string) {
    const known = conversations.get(conversation)
    if (known !== undefined) return known
    const opened = { messages: [], typings: 0, read: 0 }
    conversations.set(conversation, opened)
    return opened
  }

  function offer(said: Said, queue = said.inbound.from.conversation): void {
    if (run === null) return
    const current = run
    const tail = current.tails.get(queue) ?? Promise.resolve()
    current.tails.set(
      queue,
      tail.then(() => offerUntilTaken(said, current)),
    )
  }

  /** Never rejects; what is not taken when the run stops stays for the next. */
  async function offerUntilTaken(said: Said, { host, stopping: { signal } }: Run): Promise<void> {
    while (!signal.aborted) {
      try {
        const offers = Array.from({ length: said.times }, () => host.accept(said.inbound, { account }))
        const [first] = await Promise.all(offers)
        acknowledged.push(said.text)
        untaken.splice(untaken.indexOf(said), 1)
        // Only an offer of nothing is answered with nothing.
        return said.accepted.resolve(first as Accepted)
      } catch (error) {
        if (error instanceof AsyncvError && !error.retryable) {
          untaken.splice(untaken.indexOf(said), 1)
          return said.accepted.reject(error)
        }
        await pause(offerEveryMs, signal)
      }
    }
  }

  function carryOut(operation: Operation, key: string): Receipt {
    const { conversation, thread } = operation.destination
    const { messages } = place(conversation)
    const at = Date.now()
    if (operation.type === 'typing') {
      place(conversation).typings += 1
      return { target: '', at }
    }
    const text = textOf(operation.parts)
    const target = operation.type === 'edit' ? operation.target : String(++targets)
    if (operation.type === 'post') {
      messages.push({ target, text, edits: 0 })
    } else {
      const message = messages.find((candidate) => candidate.target === target)
      if (message === undefined) throw new SendError({ type: 'gone', message: `There is no message ${target}.` })
      if (message.text === text) return { target, at }
      message.text = text
      message.edits += 1
    }
    sent.push({
      type: operation.type,
      conversation,
      ...(thread === undefined ? {} : { thread }),
      target,
      key,
      text,
      at,
    })
    for (const watcher of [...watchers]) watcher()
    return { target, at }
  }

  return {
    type: 'fake',
    supports: {
      textLimit: 4_096,
      edits: true,
      typing: true,
      streaming: null,
      pace: { perConversationMs: 0, perGroupPerMinute: 0, perSecond: 0, isGroup: () => false },
      ...supports,
    },

    async start(host) {
      run = { host, stopping: new AbortController(), tails: new Map() }
      if (held === null) for (const said of untaken) offer(said)
      return { account }
    },
    async stop() {
      const ending = run
      run = null
      ending?.stopping.abort()
      await Promise.all(ending?.tails.values() ?? [])
    },
    async send(operation, { key, signal }) {
      if (signal.aborted) throw new SendError({ type: 'not-sent', message: 'Given up before it was sent.' })
      const planned = operation.type === 'typing' ? undefined : failures.shift()
      if (planned === undefined) return carryOut(operation, key)
      if (planned.arrived) carryOut(operation, key)
      throw new SendError(planned.failure)
    },
    ...(lookup && {
      async lookup(key: string, { conversation }: { conversation: string }) {
        const found = sent.find((candidate) => candidate.key === key && candidate.conversation === conversation)
        return found === undefined ? null : { target: found.target, at: found.at }
      },
    }),
    test: async () => ({ ok: true, latencyMs: 0 }),

    say(conversation, text, { person = { id: conversation }, language, thread, times = 1 } = {}) {
      const base = {
        eventId: `event:${++events}`,
        from: { account, conversation, ...(thread === undefined ? {} : { thread }) },
        person,
        ...(language === undefined ? {} : { language }),
      }
      const said: Said = { inbound: inboundOf(text, base), text, times, accepted: deferred() }
      untaken.push(said)
      if (held !== null) held.push(said)
      else offer(said)
      return said.accepted.promise
    },
    hold() {
      held ??= []
    },
    release(order = 'said') {
      const kept = held ?? []
      held = null
      for (const said of order === 'said' ? kept : kept.reverse()) offer(said, 'released')
    },
    acknowledged,

    sent,
    shown: (conversation) => place(conversation).messages,
    typings: (conversation) => place(conversation).typings,
    next(conversation, predicate = () => true, timeoutMs = 5_000) {
      return new Promise((resolve, reject) => {
        const reader = place(conversation)
        const look = (): void => {
          while (reader.read < sent.length) {
            const candidate = sent[reader.read++]
            if (candidate?.conversation !== conversation || !predicate(candidate)) continue
            clearTimeout(timer)
            watchers.delete(look)
            return resolve(candidate)
          }
        }
        const timer = setTimeout(() => {
          watchers.delete(look)
          reject(new Error(`Nothing of the kind was sent to ${conversation} within ${timeoutMs} ms.`))
        }, timeoutMs)
        watchers.add(look)
        look()
      })
    },
    fail(failure, { arrived = false } = {}) {
      failures.push({ failure, arrived })
    },
    delete(conversation, target) {
      const { messages } = place(conversation)
      const at = messages.findIndex((message) => message.target === target)
      if (at !== -1) messages.splice(at, 1)
    },
  }
}

function inboundOf(text: string, base: Omit<Inbound, 'type'>): Inbound {
  const [, command] = /^\/(new|stop|start)$/.exec(text) ?? []
  if (command === 'new' || command === 'stop' || command === 'start') return { type: 'command', command, ...base }
  return { type: 'message', parts: [{ type: 'text', text }], ...base }
}

/** Ends early, without complaint, when the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end, { once: true })
    function end(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
  })
}
