/**
 * One durable commit for many transactions. Every logical transaction (a *rider*) is a part of one real transaction (the
 * *bus*); the bus commits once per turn of the event loop, or after a few in a crowd (departure.ts), and only then do its
 * riders learn that they are on disk.
 *
 * A rider is *open* from boarding until it commits or rolls back, then *aboard*; after an error inside, it is *broken*
 * and can only roll back, as on Postgres. One rider is open at a time: the turnstile hands over in the order of asking.
 *
 * Riders that roll back are rare, so they pay: the bus goes back to where it began and drives the way of the others
 * again, which gives the same rows, since nothing in between but these statements has touched the database. A savepoint
 * for each rider would have SQLite copy every page that a rider is the first to change, a twentieth of what a message
 * costs. All our own work between two queries is microtasks, so a rider that is still open at the end of a turn waits
 * for something else (HTTP, a timer, another transaction): it is thrown off, and the others commit.
 *
 * When SQLite rolls the real transaction back by itself (disk full, I/O error), the bus is lost with everybody on it, at
 * once: a savepoint outside a transaction would commit by itself when it is released.
 *
 * The bus never commits inline: a commit that resolves within a microtask would keep a busy caller from ever returning
 * to the event loop, and sockets would starve.
 */
import type { SqliteConnection, SqliteStatement } from '@asyncv/migrations'
import { CompiledQuery, type QueryResult } from 'kysely'
import type { Clock } from '../clock.ts'
import type { AsyncvError } from '../errors.ts'
import { deferred } from '../internal/deferred.ts'
import type { Bus } from './bus.ts'
import { seats, waits } from './departure.ts'
import { commitFailed, databaseClosed, isBusy, lockedByAnother } from './failure.ts'
import { type Rider, refusal } from './rider.ts'
import { Statements } from './statements.ts'
import { Turnstile } from './turnstile.ts'

/** Points inside a flush at which a crash test may kill the process. The hook may not throw. */
export const flushPoints = ['flush.begin', 'flush.before-commit', 'flush.after-commit'] as const

export interface SharedCommitOptions {
  clock: Pick<Clock, 'now' | 'sleep' | 'soon'>
  hook: ((point: (typeof flushPoints)[number]) => void) | null
}

/** How long a transaction waits for another process' lock, asking again and again from a timer. ms. */
const busyPatienceMs = 2_000
const busyPauseMs = 20

export class SharedCommit {
  readonly #connection: SqliteConnection
  readonly #clock: SharedCommitOptions['clock']
  readonly #hook: SharedCommitOptions['hook']
  readonly #statements: Statements
  readonly #control: Record<'begin' | 'commit' | 'savepoint' | 'release' | 'rollbackTo', SqliteStatement>
  readonly #turnstile = new Turnstile()
  #bus: Bus | null = null
  /** Who is through the turnstile with a savepoint on the bus. */
  #open: Rider | null = null
  /** What the last bus carried. */
  #ridersBefore = 0
  #closed = false
  /** Commits that reached the disk, and the transactions they carried. */
  commits = 0
  /** Why the last one did not. */
  refusal: string | null = null
  riders = 0

  constructor(connection: SqliteConnection, { clock, hook }: SharedCommitOptions) {
    this.#connection = connection
    this.#clock = clock
    this.#hook = hook
    this.#statements = new Statements(connection)
    this.#control = {
      begin: connection.prepare('begin immediate'),
      commit: connection.prepare('commit'),
      savepoint: connection.prepare('savepoint bus'),
      release: connection.prepare('release bus'),
      rollbackTo: connection.prepare('rollback to bus'),
    }
  }

  /** Boards the bus, which is started if there is none. A promise only where there is something to wait for. */
  board(): Rider | Promise<Rider> {
    const turn = this.#turnstile.enter()
    if (turn !== null || this.#bus === null || this.#bus.riders >= seats) return this.#boardLater(turn)
    return this.#takeSeat(this.#bus)
  }

  async #boardLater(turn: Promise<void> | null): Promise<Rider> {
    const askedAt = this.#clock.now()
    if (turn !== null) await turn
    try {
      if (this.#bus !== null && this.#bus.riders >= seats) await settled(this.#bus)
      return this.#takeSeat(this.#bus ?? (await this.#start(askedAt)))
    } catch (error) {
      this.#turnstile.leave()
      throw error
    }
  }

  #takeSeat(bus: Bus): Rider {
    bus.riders++
    return (this.#open = { state: 'open', bus, boardedAt: bus.way.length })
  }

  run<Row>(rider: Rider, query: CompiledQuery): QueryResult<Row> {
    if (rider.state !== 'open') throw refusal(rider.state)
    let result: QueryResult<Row>
    try {
      result = this.#statements.run<Row>(query)
    } catch (error) {
      throw this.#break(rider, error)
    }
    rider.bus.way.push(query)
    return result
  }

  /** One of Kysely's savepoints inside a transaction. */
  savepoint(rider: Rider, command: 'savepoint' | 'rollback to' | 'release', name: string): void {
    const mends = command === 'rollback to' && rider.state === 'broken'
    if (mends) rider.state = 'open'
    // The prefix keeps a caller's name apart from ours.
    this.run(rider, CompiledQuery.raw(`${command} "within ${name.replaceAll('"', '""')}"`))
  }

  /** Lets the next rider on at once; resolves when the bus has committed. */
  commit(rider: Rider): Promise<void> {
    const { state, bus } = rider
    if (state !== 'open') {
      this.rollback(rider)
      return Promise.reject(refusal(state))
    }
    this.#leave(rider, 'aboard')
    return bus.arrival.promise
  }

  /** Also called by Kysely after a failed commit, when there is nothing left to roll back. */
  rollback(rider: Rider): void {
    this.#undo(rider, 'rolled-back')
  }

  /** Resolves when all that asked before are on disk; who asks later is refused. */
  async close(): Promise<void> {
    const turn = this.#turnstile.enter()
    if (turn !== null) await turn
    if (this.#bus !== null) await settled(this.#bus)
    this.#closed = true
    this.#turnstile.leave()
  }

  async #start(askedAt: number): Promise<Bus> {
    if (this.#closed) throw databaseClosed()
    // Only if the rollback of the bus before has failed; a second one may succeed.
    if (this.#connection.inTransaction) this.#connection.exec('rollback')
    while (!this.#begin()) {
      // Counted from asking, so that those who queued up meanwhile do not wait one after the other.
      if (this.#clock.now() - askedAt >= busyPatienceMs) throw lockedByAnother(this.#connection.file, busyPatienceMs)
      await this.#clock.sleep(busyPauseMs)
    }
    const bus: Bus = { riders: 0, turns: 0, way: [], arrival: deferred() }
    // Everybody on it may have rolled back, and then nobody hears how it ended.
    bus.arrival.promise.catch(() => {})
    this.#bus = bus
    this.#clock.soon(() => this.#endOfTurn(bus))
    return bus
  }

  /** False when another process holds the lock. */
  #begin(): boolean {
    try {
      this.#control.begin.run([])
      this.#control.savepoint.run([])
      return true
    } catch (error) {
      if (isBusy(error)) return false
      throw commitFailed(error)
    }
  }

  #endOfTurn(bus: Bus): void {
    if (this.#bus !== bus) return // lost before its time
    if (this.#open === null && waits(bus, this.#ridersBefore)) {
      bus.turns++
      this.#clock.soon(() => this.#endOfTurn(bus))
    } else {
      this.#flush(bus)
    }
  }

  #flush(bus: Bus): void {
    this.#hook?.('flush.begin')
    if (this.#open !== null) this.#undo(this.#open, 'thrown-off')
    if (this.#bus !== bus) return // lost by that
    try {
      this.#hook?.('flush.before-commit')
      this.#control.commit.run([])
    } catch (error) {
      this.#lose(bus, error)
      return
    }
    this.#hook?.('flush.after-commit')
    this.#bus = null
    this.#ridersBefore = bus.riders
    if (bus.riders > 0) {
      this.commits++
      this.refusal = null
    }
    this.riders += bus.riders
    bus.arrival.resolve()
  }

  /** Takes back what the rider wrote, if it is the open one. */
  #undo(rider: Rider, state: 'rolled-back' | 'thrown-off'): void {
    if (this.#open !== rider) return
    const { bus, boardedAt } = rider
    if (rider.state === 'broken' || bus.way.length > boardedAt) {
      bus.way.length = boardedAt
      try {
        this.#driveAgain(bus)
      } catch (error) {
        this.#lose(bus, error)
        return
      }
    }
    bus.riders--
    this.#leave(rider, state)
  }

  /** Goes back to the beginning and from there the way of those who stay on. The next one to leave goes back to here. */
  #driveAgain(bus: Bus): void {
    this.#control.rollbackTo.run([])
    for (const query of bus.way) this.#statements.run(query)
    this.#control.release.run([])
    this.#control.savepoint.run([])
    bus.way.length = 0
  }

  #leave(rider: Rider, state: Exclude<Rider['state'], 'open'>): void {
    rider.state = state
    this.#open = null
    this.#turnstile.leave()
  }

  /** After a failed statement; gives what to throw. */
  #break(rider: Rider, error: unknown): unknown {
    rider.state = 'broken'
    return this.#connection.inTransaction ? error : this.#lose(rider.bus, error)
  }

  /** Nothing of the bus is kept, and everybody on it is told so. */
  #lose(bus: Bus, cause: unknown): AsyncvError {
    const failure = commitFailed(cause)
    this.refusal = failure.message
    this.#bus = null
    if (this.#open !== null) this.#leave(this.#open, 'lost')
    try {
      if (this.#connection.inTransaction) this.#connection.exec('rollback')
    } catch {
      // Tried again before the next bus.
    }
    bus.arrival.reject(failure)
    return failure
  }
}

async function settled(bus: Bus): Promise<void> {
  await bus.arrival.promise.catch(() => {})
}
