/**
 * Sends what the database says is to be sent, and is the only one that tries again.
 *
 * A destination is in one of three states here. *Idle*: not in the map; its next delivery may be born as `sending` and
 * goes out without a commit before it (`reserve`, then `dispatch`). *Working*: one delivery at a time is taken, sent and
 * settled. *Waiting*: the earliest delivery has to wait for its time (a timer is set) or for its task (no timer; `wake`
 * comes from there); nothing is born as `sending` meanwhile. Whoever adds a delivery to a destination that is not idle calls `wake`, which is remembered while
 * the destination is working. The map is a shortcut: after a crash it is made again from the rows.
 */
import { setMaxListeners } from 'node:events'
import PQueue from 'p-queue'
import type { Clock } from '../clock.ts'
import { type Operation, type Receipt, SendError } from '../connector.ts'
import type { Outgoing } from '../delivery.ts'
import type { AsyncvEvent } from '../event.ts'
import type { OutboxOptions } from '../options.ts'
import { addressOf, destinationOf } from '../session.ts'
import type { Settlement, Storage } from '../storage.ts'
import type { Account, Accounts } from './accounts.ts'
import { aborted } from '../internal/abandoning.ts'
import { Edits } from './edits.ts'
import { failureOf, settlementOf } from './failure.ts'

export interface OutboxPorts {
  storage: Pick<Storage, 'take' | 'settle'>
  clock: Clock
  accounts: Accounts
  options: Required<OutboxOptions>
  emit(event: AsyncvEvent): void
  /** Takes the values of secrets out of a text that a platform wrote. */
  hide(text: string): string
  /** Repeats a write until the disk takes it. */
  persist<Value>(write: () => Promise<Value>): Promise<Value>
  onBug(error: unknown): void
}

interface DestinationState {
  /** Somebody called `wake` while it was working. */
  woken: boolean
  working: boolean
  cancelTimer: (() => void) | null
  /** When that timer wakes it. */
  dueAt?: number
}

const sendTimedOut = new Error('The platform did not answer in time.')
const stopped = new Error('asyncv stopped while this was being sent.')
const away = new SendError({ type: 'not-sent', message: 'The connector is stopped.' })
const awayRecord = { code: 'connector_failed', message: away.message } as const
const unsettled = new SendError({ type: 'uncertain', message: 'An earlier try may have arrived.' })

/** How long a connector that was cut may take to say what became of its send, before it is left behind. ms. */
const lastWordMs = 1_000

/** Sends under way at once to one account, all destinations together; a connector's own pace is below this. */
const width = 128

export class Outbox {
  readonly #ports: OutboxPorts
  readonly #destinations = new Map<string, DestinationState>()
  /** By account: one whose platform says "too many" holds up no other. */
  readonly #sends = new Map<string, PQueue>()
  readonly #underWay = new Set<AbortController>()
  readonly #edits = new Edits()
  /** Outcomes that are not on disk yet. */
  #unsettled = 0
  #onSettled: (() => void) | null = null
  #stopping = false
  /** Aborted by `stop`, for what only waits. */
  readonly #end = new AbortController()

  constructor(ports: OutboxPorts) {
    this.#ports = ports
    // As many wait with it as there are chats whose platform says "too many"; Node warns of more than ten.
    setMaxListeners(0, this.#end.signal)
  }

  /**
   * Takes an idle destination whose platform lets us send now. True obliges the caller to `dispatch` the delivery that
   * it then writes as `sending`, or to `release`.
   */
  reserve(destination: string): boolean {
    if (this.#stopping || this.#destinations.has(destination)) return false
    const { account, conversation } = destinationOf(destination)
    const found = this.#ports.accounts.of(account)
    if (found === null || !found.caughtUp || found.gate.openAt(conversation, this.#ports.clock.now()) > 0) return false
    this.#destinations.set(destination, { woken: false, working: true, cancelTimer: null })
    return true
  }

  /** Sends a delivery that was written as `sending` under a reservation, then what waits behind it. */
  dispatch(delivery: Outgoing): void {
    this.#go(delivery.destination, delivery)
  }

  /** Gives a reservation back; what arrived meanwhile is looked at. */
  release(destination: string): void {
    this.#go(destination, null)
  }

  /** There may be something to send to this destination. */
  wake(destination: string): void {
    if (this.#stopping) return
    const state = this.#destinations.get(destination)
    if (state?.working) {
      state.woken = true
      return
    }
    state?.cancelTimer?.()
    this.#destinations.set(destination, { woken: false, working: true, cancelTimer: null })
    this.#go(destination, null)
  }

  /** Destinations that something is being sent to, or will be within `soonMs`: others wait for a later try. */
  busy(soonMs: number): number {
    const soon = this.#ports.clock.now() + soonMs
    return [...this.#destinations.values()].filter(({ working, dueAt }) => working || (dueAt ?? Infinity) <= soon)
      .length
  }

  /** Cuts what is being sent now; what it was becomes uncertain, or is an edit and harmless. */
  cut(): void {
    for (const controller of this.#underWay) controller.abort(stopped)
  }

  /**
   * Sends no more; resolves when sends under way have ended, which `cut` hastens, and their outcomes are on disk: what is
   * not known there is sent again.
   */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#end.abort(stopped)
    for (const state of this.#destinations.values()) state.cancelTimer?.()
    await Promise.all([...this.#sends.values()].map((sends) => sends.onIdle()))
    await this.#edits.ended()
    if (this.#unsettled > 0) await new Promise<void>((resolve) => (this.#onSettled = resolve))
  }

  /** Edits a placeholder, which is no delivery of its own. What is sent there next waits for it; nobody else has to. */
  edit(operation: Operation, key: string): Promise<void> {
    return this.#edits.follow(addressOf(operation.destination), this.perform(operation, key))
  }

  /** Carries out one operation, at most `sendTimeoutMs` long: what is no delivery of its own, such as typing. */
  perform(operation: Operation, key: string): Promise<Receipt> {
    const account = this.#ports.accounts.of(operation.destination.account)
    if (account === null) return Promise.reject(away)
    return this.#limited(account, (signal) => account.connector.send(operation, { key, signal }))
  }

  /** Left behind when it takes too long, or when what is being sent is cut. */
  #inTime<Value>(account: Account, asked: Promise<Value>): Promise<Value> {
    return this.#limited(account, (signal) => Promise.race([asked, aborted(signal)]))
  }

  /** Only a connector can know that nothing was sent yet, so one that is cut gets to say so, if it is quick. */
  async #limited<Value>(account: Account, call: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    const { clock, options } = this.#ports
    const controller = new AbortController()
    const { signal } = controller
    const cancelTimeout = clock.after(options.sendTimeoutMs, () => controller.abort(sendTimedOut))
    let cancelLeaving = (): void => {}
    this.#underWay.add(controller)
    account.enter()
    try {
      return await new Promise<Value>((resolve, reject) => {
        const leave = (): void => reject(signal.reason)
        signal.addEventListener('abort', () => (cancelLeaving = clock.after(lastWordMs, leave)), { once: true })
        call(signal).then(resolve, reject)
      })
    } finally {
      cancelTimeout()
      cancelLeaving()
      this.#underWay.delete(controller)
      account.leave()
    }
  }

  #go(destination: string, first: Outgoing | null): void {
    const { account } = destinationOf(destination)
    let sends = this.#sends.get(account)
    if (sends === undefined) this.#sends.set(account, (sends = new PQueue({ concurrency: width })))
    void sends.add(() => this.#work(destination, first)).catch(this.#ports.onBug)
  }

  async #work(destination: string, first: Outgoing | null): Promise<void> {
    const state = this.#destinations.get(destination)
    if (state === undefined) return
    if (first !== null) {
      const again = await this.#send(first, false)
      if (again !== null) return this.#waitUntil(destination, state, again)
      // It was reserved while idle, so nothing waits behind it that nobody called `wake` for.
      if (!state.woken) return void this.#destinations.delete(destination)
    }
    while (!this.#stopping) {
      const { account, conversation } = destinationOf(destination)
      const found = this.#ports.accounts.of(account)
      // Without its connector nothing can be sent: it waits in the database until one is configured again.
      if (found === null) break
      const openAt = found.gate.openAt(conversation, this.#ports.clock.now())
      if (openAt > 0) return this.#waitUntil(destination, state, openAt)
      state.woken = false
      const taken = await this.#ports.persist(() => this.#ports.storage.take(destination, this.#ports.clock.now()))
      switch (taken.type) {
        case 'delivery': {
          const again = await this.#send(taken.delivery, taken.wasUncertain)
          if (again !== null) return this.#waitUntil(destination, state, again)
          continue
        }
        case 'later':
          return this.#waitUntil(destination, state, taken.at)
        case 'blocked':
          if (state.woken) continue
          state.working = false
          return
        case 'idle':
          // Woken while the question was under way: the answer may be stale.
          if (state.woken) continue
      }
      break
    }
    this.#destinations.delete(destination)
  }

  /**
   * Counts a send that goes out now, or when the platform lets it: since the gate was asked, others have passed it, or the
   * platform may have said "too many". Null when there is nothing to wait for.
   */
  #pass(destination: string): Promise<void> | null {
    const { accounts, clock } = this.#ports
    const { account, conversation } = destinationOf(destination)
    const gate = accounts.of(account)?.gate
    const now = clock.now()
    const openAt = gate?.openAt(conversation, now) ?? 0
    // What is written as being sent is sent, also by a stop: else nobody knew whether it was.
    if (openAt > now && !this.#stopping) return this.#passLater(destination, openAt - now)
    gate?.count(conversation, now)
    return null
  }

  async #passLater(destination: string, ms: number): Promise<void> {
    await this.#ports.clock.sleep(ms, this.#end.signal).catch(() => {})
    await this.#pass(destination)
  }

  #waitUntil(destination: string, state: DestinationState, at: number): void {
    state.working = false
    if (this.#stopping) return
    const { clock } = this.#ports
    state.dueAt = at
    state.cancelTimer = clock.after(Math.max(0, at - clock.now()), () => this.wake(destination))
  }

  /**
   * One try. Its outcome is written in order but not waited for: the next commit of this destination follows it.
   * Resolves with the time of the next try, or null when it needs none.
   */
  async #send(delivery: Outgoing, wasUncertain: boolean): Promise<number | null> {
    const { clock, accounts } = this.#ports
    const { account, conversation } = destinationOf(delivery.destination)
    const editing = this.#edits.of(delivery.destination)
    if (editing !== undefined) await editing
    const passing = this.#pass(delivery.destination)
    if (passing !== null) await passing
    const found = accounts.of(account)
    // Its connector was stopped since it was written as being sent: it waits like what comes after it.
    const settlement: Settlement =
      found === null
        ? { type: wasUncertain ? 'uncertain' : 'retrying', nextAt: clock.now(), error: awayRecord, counted: false }
        : await this.#try(found, conversation, delivery, wasUncertain)
    this.#unsettled++
    const settled = this.#ports.persist(() => this.#ports.storage.settle(delivery, settlement, clock.now()))
    settled.then(
      () => {
        this.#settledOne()
        this.#announce(delivery, settlement)
        // If it was asked for before this was on disk, the answer was that it is still being sent.
        const state = this.#destinations.get(delivery.destination)
        if (state?.working === false && state.cancelTimer === null) this.wake(delivery.destination)
        // Or its connector is back, and had looked for what waits before this was on disk.
        if (found === null && accounts.of(account) !== null) this.wake(delivery.destination)
      },
      (error: unknown) => {
        this.#settledOne()
        this.#ports.onBug(error)
      },
    )
    if (found === null) return null
    if (settlement.type === 'repost') return clock.now()
    return settlement.type === 'retrying' || settlement.type === 'uncertain' ? settlement.nextAt : null
  }

  #settledOne(): void {
    this.#unsettled--
    if (this.#unsettled === 0) this.#onSettled?.()
  }

  /** Posts, or edits the placeholder that stands already. What may have arrived is looked up before it is repeated. */
  async #try(account: Account, conversation: string, delivery: Outgoing, wasUncertain: boolean): Promise<Settlement> {
    let sent = false
    try {
      const doubtful = wasUncertain && delivery.target === null
      const found = doubtful ? await this.#lookUp(account, delivery) : null
      sent = true
      return { type: 'sent', target: found ?? (await this.#deliver(delivery)) }
    } catch (error) {
      const { clock, options } = this.#ports
      const failure = failureOf(error, this.#ports.hide)
      if (failure.type === 'not-sent' && failure.retryAfterMs !== undefined) {
        const now = clock.now()
        account.gate.close(conversation, now + failure.retryAfterMs, now)
      }
      return settlementOf(failure, delivery, options, clock.now(), sent)
    }
  }

  /** Where an earlier try left the message; null when it is to be sent. */
  async #lookUp(account: Account, delivery: Outgoing): Promise<string | null> {
    const { connector } = account
    if (connector.lookup !== undefined) {
      const found = await this.#inTime(account, connector.lookup(delivery.key, destinationOf(delivery.destination)))
      // A platform that can look up says for sure that it is not there.
      return found?.target ?? null
    }
    // The first try after an operator's retry is what was held for: somebody was asked.
    const asked = delivery.retriedAt !== null && delivery.attempt === 1
    if (this.#ports.options.onUncertain === 'hold' && !asked) throw unsettled
    return null
  }

  async #deliver(delivery: Outgoing): Promise<string> {
    const destination = destinationOf(delivery.destination)
    const operation: Operation =
      delivery.target === null
        ? { type: 'post', destination, parts: delivery.body }
        : { type: 'edit', destination, target: delivery.target, parts: delivery.body }
    const receipt = await this.perform(operation, delivery.key)
    return receipt.target
  }

  #announce(delivery: Outgoing, settlement: Settlement): void {
    const { emit, clock } = this.#ports
    const subject = { at: clock.now(), delivery: delivery.id, task: delivery.task, destination: delivery.destination }
    switch (settlement.type) {
      case 'sent':
        return emit({ type: 'delivery.sent', ...subject })
      case 'retrying':
      case 'repost':
        return emit({ type: 'delivery.retrying', ...subject, error: settlement.error })
      case 'uncertain':
      case 'held':
        return emit({ type: 'delivery.uncertain', ...subject, error: settlement.error })
      case 'dead':
        return emit({ type: 'delivery.dead', ...subject, error: settlement.error })
    }
  }
}
