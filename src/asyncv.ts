import { theProgram } from './audit.ts'
import { AuditLog } from './audit-log.ts'
import type { Asyncv, Receipted, Reply, SendInput, SendOptions, StopOptions, StreamEvent } from './api.ts'
import type { Reachable } from './backend.ts'
import { resolveOptions } from './config.ts'
import type { Delivery } from './delivery.ts'
import { AsyncvError } from './errors.ts'
import { logEvent } from './event-log.ts'
import { hookedStorage, wrapOf } from './hooked.ts'
import { type FromCaller, fromCaller } from './inbox/caller.ts'
import { acceptFromCaller } from './inbox/from-caller.ts'
import type { Taken } from './inbox/inbox.ts'
import { openStorage } from './kysely/storage.ts'
import { KeyRing } from './keys.ts'
import { defaultDrainMs, Life } from './life.ts'
import { textOf } from './message.ts'
import { Observers } from './observers.ts'
import type { AsyncvOptions } from './options.ts'
import { installed } from './operate/installed.ts'
import { operations } from './operate/operations.ts'
import { statusOf } from './operate/status.ts'
import { postDrafts } from './outbox/post.ts'
import { PartsInForce, partsOf, withParts } from './parts-in-force.ts'
import { PluginLife } from './plugin-life.ts'
import { readinessOf } from './readiness.ts'
import { ReleaseKeeper } from './release/releases.ts'
import { follow } from './run/follow.ts'
import { Runtime } from './runtime.ts'
import { callerSession, type Session } from './session.ts'
import { sqlite } from './sqlite/index.ts'
import type { DeliveryDraft } from './storage.ts'
import type { Task } from './task.ts'
import { toTimeline } from './timeline.ts'
import { hideInError } from './vault/hide-error.ts'

/**
 * Builds a runtime. Inert until `start()`: it opens no file, no connection and no port. Throws `config_invalid` with
 * everything that is wrong.
 */
export function createAsyncv(options: AsyncvOptions): Asyncv {
  const base = resolveOptions(options)
  const wrap = wrapOf(options.hook)
  const connectors = new Map([...base.connectors].map(([name, connector]) => [name, wrap.connector(connector)]))
  const first = { ...base, connectors }
  const inForce = new PartsInForce(partsOf(first, wrap.agents(base.agents)))
  /** The options, of which those that a release can replace are as they are at the moment. */
  const resolved = withParts(first, inForce)
  const { clock, logger, vault } = resolved
  const observers = new Observers(logger)
  const backend = options.storage ?? sqlite()
  const plugins = new PluginLife(resolved.plugins, logger, clock)
  let runtime: Runtime | null = null
  /** Where this runtime can be reached; may be said before it is started. */
  let announced: Reachable = {}

  const running = (): Runtime => {
    if (runtime !== null) return runtime
    throw new AsyncvError('not_running', 'This runtime is not running.', {
      hint: 'Call start() first.',
      retryable: true,
    })
  }

  const hide = (text: string): string => vault.hide(text)

  async function open(hurry: AbortSignal): Promise<void> {
    const hook = options.hook ?? null
    const storage = await openStorage(backend, {
      clock,
      logger,
      keepEvents: resolved.events.keepMs > 0,
      hook: hook === null ? null : (point) => void hook(point),
    })
    const opened = new Runtime(resolved, hook === null ? storage : hookedStorage(storage, hook), (event) => {
      logEvent(logger, event)
      observers.emit(event)
    })
    try {
      await vault.open(storage, { now: () => clock.now(), logger, replaced: await releases.replacesFile(storage) })
      await plugins.start(hurry)
      await releases.open(opened.storage)
      if (releases.problems !== null) opened.hold()
      await opened.start(hurry, (connector) => releases.spares(connector))
      await releases.started(opened.storage)
      runtime = opened
      keys.open()
      storage.announce(announced)
    } catch (error) {
      await opened.stop(0, AbortSignal.abort())
      await releases.close()
      await plugins.stop()
      await vault.close()
      await storage.close()
      // What a platform said may be in it.
      throw hideInError(error, hide)
    }
  }

  async function close({ drainMs = defaultDrainMs, signal }: StopOptions): Promise<void> {
    const open = runtime
    if (open === null) return
    const isFirst = !open.draining
    await open.stop(drainMs, signal)
    if (!isFirst) return
    await keys.close()
    runtime = null
    await releases.close()
    await plugins.stop()
    await vault.close()
    await open.storage.close()
  }

  function checked(input: SendInput): FromCaller {
    runtime?.inbox.checkHeld()
    return fromCaller(input, { agents: resolved.agents, newId: () => clock.id() })
  }

  async function take(input: SendInput): Promise<Receipted> {
    const { incoming, session } = checked(input)
    return receipt(await acceptFromCaller(incoming, running()), session, input)
  }

  async function receipt(taken: Taken, session: string, input: SendInput): Promise<Receipted> {
    const { message, task, duplicate, sameBody } = taken
    if (!sameBody) throw keyUsed(input.idempotencyKey)
    if (task === null) throw answerGone(input.idempotencyKey)
    if (!duplicate || input.session !== undefined) return { task, session, message, duplicate }
    // The first call's conversation was a new one; its id is the answer to this call as well.
    const first = await running().storage.task(task)
    const found = first === null ? null : await running().storage.session(first.session)
    return { task, session: found === null ? session : callerSession(found.address), message, duplicate }
  }

  async function* stream(input: SendInput, options: SendOptions = {}): AsyncGenerator<StreamEvent> {
    const open = running()
    const { incoming, session } = checked(input)
    const replyTimeoutMs = options.replyTimeoutMs ?? resolved.replyTimeoutMs
    const following = follow(incoming.task, open, { clock, replyTimeoutMs, signal: options.signal })
    try {
      const receipted = await receipt(await acceptFromCaller(incoming, open), session, input)
      yield { type: 'task.accepted', ...receipted }
      for await (const event of following.events(receipted.task)) {
        yield event.type === 'ended' ? { type: 'task.finished', ...receipted, ...event.answer } : event
      }
    } finally {
      following.leave()
    }
  }

  /** Waits without being told of deltas. */
  async function replyOf(receipted: Receipted, options: SendOptions = {}): Promise<Reply> {
    const replyTimeoutMs = options.replyTimeoutMs ?? resolved.replyTimeoutMs
    const following = follow(null, running(), { clock, replyTimeoutMs, signal: options.signal })
    try {
      return { ...receipted, ...(await following.answer(receipted.task)) }
    } finally {
      following.leave()
    }
  }

  async function found<Value>(
    what: 'task' | 'message' | 'session' | 'delivery',
    id: string,
    value: Promise<Value | null>,
  ): Promise<Value> {
    const known = await value
    if (known !== null) return known
    throw new AsyncvError(`${what}_unknown`, `There is no ${what} ${JSON.stringify(id)}.`)
  }

  const taskOf = (id: string): Promise<Task> => found('task', id, running().storage.task(id))
  const sessionOf = (id: string): Promise<Session> => found('session', id, running().storage.session(id))

  const keys = new KeyRing(() => running().storage, clock)
  const releases = new ReleaseKeeper({
    options: first,
    inForce,
    running,
    builtIn: async () => (await options.definitions?.()) ?? [],
    wrap,
    hook: options.hook ?? null,
  })
  const life = new Life({ open, close }, clock)

  return {
    start: () => life.start(),
    stop: (options = {}) => life.stop(options),

    async send(input, options) {
      const open = running()
      const { incoming, session } = checked(input)
      const replyTimeoutMs = options?.replyTimeoutMs ?? resolved.replyTimeoutMs
      // Waiting begins before the task can end.
      const following = follow(incoming.task, open, { clock, replyTimeoutMs, signal: options?.signal })
      try {
        const receipted = await receipt(await acceptFromCaller(incoming, open), session, input)
        options?.onAccepted?.(receipted)
        return { ...receipted, ...(await following.answer(receipted.task)) }
      } finally {
        following.leave()
      }
    },
    stream,
    accept: take,
    async reply(task, options) {
      const { session, state } = await taskOf(task)
      const { address } = await sessionOf(session)
      const trace = await running().storage.messageOf(task)
      return replyOf(
        { task, session: callerSession(address), message: trace ?? '', duplicate: state !== 'queued' },
        options,
      )
    },
    async post(input) {
      const open = running()
      const account = open.connections.find(input.connector)
      if (account === null) {
        throw new AsyncvError('connector_unknown', `There is no connector ${JSON.stringify(input.connector)}.`, {
          hint: `Connected: ${open.connections.connected.join(', ') || 'none'}.`,
        })
      }
      const drafts = postDrafts(input, account.address, account.connector.supports.textLimit, clock)
      const written = await open.storage.post(drafts, clock.now())
      const [first] = written
      if (first === undefined) throw new AsyncvError('internal', 'The delivery was not written.')
      const same = drafts.every((draft, part) => sameWords(written[part], draft))
      if (!same) throw keyUsed(input.idempotencyKey)
      open.outbox.wake(first.destination)
      return first
    },

    async cancel(id, by) {
      const open = running()
      const outcome = await found('task', id, open.storage.cancel(id, clock.now(), by))
      if (outcome.type === 'requested') open.lanes.cancel(id, false)
      if (outcome.type === 'cancelled') {
        open.emit({ type: 'task.cancelled', at: clock.now(), task: id, session: outcome.session })
        open.replies.settle(id, { type: 'cancelled' })
      }
      return taskOf(id)
    },
    async retry(id, by = theProgram) {
      const open = running()
      const ids = { task: clock.id(), message: clock.id() }
      const outcome = await found('task', id, open.storage.retry(id, ids, clock.now(), by))
      if (outcome.type === 'refused') {
        throw new AsyncvError('state_conflict', `Task ${id} is ${outcome.state}.`, {
          hint: 'Only failed and cancelled tasks can be retried.',
          task: id,
        })
      }
      open.emit({ type: 'task.requeued', at: clock.now(), task: outcome.task, session: outcome.session })
      open.lanes.queued(outcome.address, outcome.session, 'queue')
      return taskOf(outcome.task)
    },
    timeline: async (message) => toTimeline(await found('message', message, running().storage.trace(message))),

    task: taskOf,
    tasks: async (filter = {}) => running().storage.tasks(filter),
    async steps(task) {
      await taskOf(task)
      return running().storage.steps(task)
    },
    session: sessionOf,
    sessions: async (page = {}) => running().storage.sessions(page),
    async messages(session, page = {}) {
      await sessionOf(session)
      return running().storage.messages(session, page)
    },
    async history(session) {
      await sessionOf(session)
      return running().storage.history(session, Number.MAX_SAFE_INTEGER)
    },
    deliveries: async (filter = {}) => running().storage.deliveries(filter),
    async retryDelivery(id, by = theProgram) {
      const open = running()
      openAgain(id, open, await found('delivery', id, open.storage.retryDelivery(id, clock.now(), by)))
      return found('delivery', id, open.storage.delivery(id))
    },
    async discardDelivery(id, by = theProgram) {
      const open = running()
      openAgain(id, open, await found('delivery', id, open.storage.discardDelivery(id, clock.now(), by)))
      return found('delivery', id, open.storage.delivery(id))
    },

    delivery: (id) => found('delivery', id, running().storage.delivery(id)),

    events: async (request = {}) => running().feed.follow(request),

    keys,
    audit: new AuditLog(() => running().storage),
    secrets: {
      list: () => vault.list(),
      get: (name) => vault.get(name),
      put: (secret, by) => vault.put(secret, by),
      remove: (name, by) => vault.remove(name, by),
    },
    releases: {
      state: () => releases.state(),
      list: (page) => releases.list(page),
      get: (revision) => releases.get(revision),
      check: (document) => releases.check(document),
      preview: (input, how) => releases.preview(input, how),
      apply: (release, how) => releases.apply(release, how),
      trustChanged: (change, by) => releases.trustChanged(change, by),
    },
    files: {
      put: async (file) => running().files.put(file),
      get: async (id) => running().files.get(id),
      read: async (id) => running().files.read(id),
      list: async (filter) => running().files.list(filter),
      remove: async (id) => running().files.remove(id),
    },
    ...operations({ running, options: resolved, inForce }),
    status: () => statusOf(runtime, resolved),
    installed: async () => installed(resolved, (await options.definitions?.()) ?? []),
    routes: () => [...resolved.routes].map(([connector, agent]) => ({ connector, agent: agent.name })),
    get agents() {
      return [...resolved.agents.values()].map(({ name, model, tools }) => ({
        name,
        model,
        tools: tools.map((tool) => tool.name),
      }))
    },
    ready: () => readinessOf(runtime, resolved.connectors.keys(), releases.readiness()),
    async stats() {
      const { storage, tally } = running()
      return {
        ...(await storage.counts()),
        accepted: tally.accepted,
        sent: tally.sent,
        ended: { ...tally.ended },
        commits: storage.commits(),
      }
    },
    async webhook(name, request) {
      const { draining, connections } = running()
      // While a release is switched to, the one that is connected is not yet the one that is in force.
      const connected = connections.connector(name)
      const connector = connected ?? resolved.connectors.get(name)
      if (connector?.webhook === undefined) return null
      if (draining) throw new AsyncvError('not_running', 'This runtime is stopping.', { retryable: true })
      if (connected === null) {
        throw new AsyncvError('not_running', `Connector "${name}" is stopped.`, { retryable: true })
      }
      return connector.webhook(request)
    },
    announce(details) {
      announced = { ...announced, ...details }
      runtime?.storage.announce(announced)
    },
    on: (type, observer) => observers.on(type, observer),
  }
}

function keyUsed(key: string | undefined): AsyncvError {
  return new AsyncvError(
    'idempotency_conflict',
    `The idempotency key ${JSON.stringify(key)} was used with another body.`,
    {
      hint: 'Use a new key for a new message; repeat a call with exactly the same body.',
    },
  )
}

/** The key outlives what was said under it (`retention`). */
function answerGone(key: string | undefined): AsyncvError {
  return new AsyncvError(
    'idempotency_conflict',
    `The message with the idempotency key ${JSON.stringify(key)} was answered before; its answer is kept no more.`,
    { hint: 'Use a new key to ask again.' },
  )
}

/** Whether what stands under a key is what was to be written there now. */
function sameWords(written: Delivery | undefined, draft: DeliveryDraft): boolean {
  return (
    written !== undefined && written.destination === draft.destination && textOf(written.body) === textOf(draft.body)
  )
}

function openAgain(id: string, { outbox }: Runtime, outcome: { destination: string } | { state: string }): void {
  if ('destination' in outcome) return outbox.wake(outcome.destination)
  throw new AsyncvError('state_conflict', `Delivery ${id} is ${outcome.state}.`, {
    hint: 'Only held and dead deliveries wait for a decision.',
  })
}
