/**
 * Keeps the order: in one session one task runs at a time, many sessions at once.
 *
 * A lane is there while its address has work. It is *running* while it holds a place among the `width` that run at once,
 * from before its task is claimed until the session has nothing left or another session is due; *ready* while it waits
 * for a place, in the order of asking. Its tasks are in the database; the lane only remembers which sessions have some
 * queued, so that it knows when to ask. Such a note may be stale (the task was cancelled, or claimed already): then the
 * claim finds nothing, and that is all. It must never be missing: it is made after each commit that queues a task, and
 * struck out *before* the commit or claim that would take the task, so that one queued meanwhile is noted again.
 *
 * A claim is born in the accept commit when the lane has nothing and a place is free (`reserve`), or in the finish commit
 * of the task before it when nobody else waits for the place; only a task that was held back is claimed by a commit of
 * its own. After a crash the tasks that were running go first, one at a time, so that one which kills the process is
 * found out.
 */
import PQueue from 'p-queue'
import type { Clock } from '../clock.ts'
import type { AttemptEnd, AttemptLane } from '../run/attempt.ts'
import { Interruption } from '../run/interruption.ts'
import type { ClaimedTask, Recovered, Storage } from '../storage.ts'
import type { WhenBusy } from '../task.ts'

export interface LanePorts {
  storage: Pick<Storage, 'claim'>
  clock: Clock
  /** Sessions whose tasks run at once. */
  width: number
  /** Carries a claimed task out, to the commit that ends it. */
  attempt(task: ClaimedTask, lane: AttemptLane): Promise<AttemptEnd>
  persist<Value>(write: () => Promise<Value>): Promise<Value>
  onBug(error: unknown): void
}

/** A place held for a task that is being accepted. Use one of the two, once. */
export interface Place {
  /** The task was claimed by the commit that accepted it. */
  begin(task: ClaimedTask): void
  /** There is no such task; whoever was queued meanwhile gets the place. */
  release(): void
}

interface Lane {
  readonly address: string
  /** Sessions that may have queued tasks: one, or two right after `/new`. */
  readonly queued: Set<string>
  /** Sessions in which a queued message asks to be taken up by the running task. */
  readonly steered: Set<string>
  /** Its task was running when the process died. */
  suspect: boolean
}

export class Lanes {
  readonly #ports: LanePorts
  readonly #lanes = new Map<string, Lane>()
  readonly #running = new Map<string, AbortController>()
  /** Wishes to cancel that came before a task's beginning here: it was queued again, or just claimed on disk. */
  readonly #early = new Map<string, Interruption>()
  readonly #places: PQueue
  #suspects = 0
  #stopping = false

  constructor(ports: LanePorts) {
    this.#ports = ports
    this.#places = new PQueue({ concurrency: ports.width })
  }

  /** Takes a place for a task of this address, if its lane has nothing and a place is free. */
  reserve(address: string): Place | null {
    const { pending, concurrency, size } = this.#places
    if (this.#stopping || pending >= concurrency || size > 0 || this.#lanes.has(address)) return null
    const lane = this.#open(address)
    let settle: (task: ClaimedTask | null) => void = () => {}
    const first = new Promise<ClaimedTask | null>((resolve) => {
      settle = resolve
    })
    this.#enter(lane, first)
    return { begin: (task) => settle(task), release: () => settle(null) }
  }

  /** A task was queued. */
  queued(address: string, session: string, whenBusy: WhenBusy): void {
    const existing = this.#lanes.get(address)
    const lane = existing ?? this.#open(address)
    lane.queued.add(session)
    if (whenBusy === 'steer') lane.steered.add(session)
    if (existing === undefined) this.#enter(lane, null)
  }

  /** Takes up what was left behind. Called once, before anything is accepted. */
  recover(lanes: Recovered['lanes']): void {
    this.#suspects = lanes.filter(({ alone }) => alone).length
    if (this.#suspects > 0) this.#places.concurrency = 1
    for (const { address, session, alone } of lanes) {
      const existing = this.#lanes.get(address)
      const lane = existing ?? this.#open(address)
      lane.queued.add(session)
      lane.steered.add(session)
      if (alone && !lane.suspect) lane.suspect = true
      else if (alone) this.#suspects--
      if (existing === undefined) this.#enter(lane, null)
    }
    if (this.#suspects === 0) this.#places.concurrency = this.#ports.width
  }

  /** Begins nothing until `goOn`; called before anything runs. */
  hold(): void {
    this.#places.pause()
  }

  goOn(): void {
    if (!this.#stopping) this.#places.start()
  }

  /** Interrupts a task if it runs here. The wish to cancel it is on disk already. */
  cancel(task: string, told: boolean): void {
    const running = this.#running.get(task)
    const wish = new Interruption('cancel', told)
    if (running !== undefined) return running.abort(wish)
    // It may have ended in the same commit; such wishes are for nothing, and there must not be ever more of them.
    if (this.#early.size >= 1_000) this.#early.clear()
    this.#early.set(task, wish)
  }

  /** How many tasks run now. */
  get running(): number {
    return this.#running.size
  }

  /** Starts nothing more; resolves when all that runs has ended, or was handed back because `hurry` was aborted. */
  async stop(hurry: AbortSignal): Promise<void> {
    this.#stopping = true
    this.#places.pause()
    this.#places.clear()
    const handBack = (): void => {
      for (const controller of this.#running.values()) controller.abort(new Interruption('hand-back'))
    }
    if (hurry.aborted) handBack()
    hurry.addEventListener('abort', handBack, { once: true })
    await this.#places.onPendingZero()
    hurry.removeEventListener('abort', handBack)
  }

  #open(address: string): Lane {
    const lane: Lane = { address, queued: new Set(), steered: new Set(), suspect: false }
    this.#lanes.set(address, lane)
    return lane
  }

  /** Waits for a place; suspects come first. */
  #enter(lane: Lane, first: Promise<ClaimedTask | null> | null): void {
    void this.#places.add(() => this.#serve(lane, first), { priority: lane.suspect ? 1 : 0 }).catch(this.#ports.onBug)
  }

  /** Holds a place until the session has nothing left, or another one is due. */
  async #serve(lane: Lane, first: Promise<ClaimedTask | null> | null): Promise<void> {
    try {
      let task = (await first) ?? (await this.#claim(lane))
      while (task !== null) {
        task = await this.#carryOut(lane, task)
        this.#cleared(lane)
      }
    } finally {
      this.#cleared(lane)
      if (lane.queued.size === 0) this.#lanes.delete(lane.address)
      else if (!this.#stopping) this.#enter(lane, null)
    }
  }

  async #claim(lane: Lane): Promise<ClaimedTask | null> {
    for (const session of lane.queued) {
      if (this.#stopping) return null
      lane.queued.delete(session)
      const { storage, clock, persist } = this.#ports
      const task = await persist(() => storage.claim(session, clock.now()))
      if (task === null) continue
      // There may be more behind it; whoever runs next finds out.
      lane.queued.add(session)
      return task
    }
    return null
  }

  async #carryOut(lane: Lane, task: ClaimedTask): Promise<ClaimedTask | null> {
    const controller = new AbortController()
    this.#running.set(task.id, controller)
    const wish = this.#early.get(task.id)
    if (wish !== undefined) controller.abort(wish)
    else if (this.#stopping) controller.abort(new Interruption('hand-back'))
    this.#early.delete(task.id)
    try {
      const { next, more } = await this.#ports.attempt(task, {
        interrupt: controller,
        mayAbsorb: () => lane.steered.delete(task.session),
        next: () => {
          if (!lane.queued.delete(task.session)) return 'nothing'
          return this.#stopping || this.#places.size > 0 ? 'look' : 'claim'
        },
      })
      if (more) lane.queued.add(task.session)
      return next
    } finally {
      this.#running.delete(task.id)
    }
  }

  /** If it was a suspect: it has ended without taking the process with it. */
  #cleared(lane: Lane): void {
    if (!lane.suspect) return
    lane.suspect = false
    this.#suspects--
    if (this.#suspects === 0) this.#places.concurrency = this.#ports.width
  }
}
