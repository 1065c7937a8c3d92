/**
 * One durable commit for many transactions. Every logical transaction (a *rider*) is a savepoint inside one real
 * transaction (the *bus*); the bus commits once per turn of the event loop, and only then do its riders learn that they
 * are on disk.
 *
 * A rider is *open* from its savepoint until it releases or rolls back, then *aboard* until the bus has committed, then
 * *done*; after an error inside, it is *broken* and can only roll back, as on Postgres. Only one rider is open at a time:
 * the turnstile hands over in the order of asking. All our own work between two queries is microtasks, so a rider that
 * is still open when the bus leaves waits for something else (HTTP, a timer): it is thrown off, the others commit.
 *
 * The bus never commits inline: a commit that resolves within a microtask would keep a busy caller from ever returning
 * to the event loop, and sockets would starve.
 */
import type { SqliteConnection } from '@asyncv/migrations'
import type { CompiledQuery, QueryResult } from 'kysely'
import { AsyncvError } from '../errors.ts'
import { type Deferred, deferred } from '../internal/deferred.ts'
import { type RiderState, refusal } from './rider-state.ts'
import { Statements } from './statements.ts'
import { Turnstile } from './turnstile.ts'

/** Points inside a flush at which a crash test may kill the process. */
export const flushPoints = ['flush.begin', 'flush.before-commit', 'flush.after-commit'] as const

export interface SharedCommitOptions {
  /** Calls back once the event loop has gone round. */
  soon(fn: () => void): void
  sleep(ms: number): Promise<void>
  hook: ((point: (typeof flushPoints)[number]) => void) | null
}

/** One logical transaction, as far as the bus is concerned. */
interface Rider {
  state: RiderState
}

/** More riders than this wait for the next turn: a longer flush would hold up sockets and timers for too long. */
const seats = 64

/** How often BEGIN is tried while another process holds the lock, and how long between. */
const beginTries = 50
const beginPauseMs = 20

interface Bus {
  riders: number
  /** Resolves when it has committed, rejects when nothing of it was kept. */
  arrival: Deferred<void>
  /** SQLite rolled it back by itself; nobody can board any more. */
  dead: AsyncvError | null
}

export class SharedCommit {
  readonly #connection: SqliteConnection
  readonly #statements: Statements
  readonly #options: SharedCommitOptions
  readonly #turnstile = new Turnstile()
  #bus: Bus | null = null
  #open: Rider | null = null
  #flushed: Promise<void> = Promise.resolve()
  commits = 0
  riders = 0

  constructor(connection: SqliteConnection, options: SharedCommitOptions) {
    this.#connection = connection
    this.#statements = new Statements(connection)
    this.#options = options
  }

  /** Waits for its turn and boards the bus, which is started if there is none. */
  async begin(rider: Rider): Promise<void> {
    const turn = this.#turnstile.enter()
    if (turn !== null) await turn
    try {
      while (this.#bus !== null && (this.#bus.dead !== null || this.#bus.riders >= seats)) await this.#flushed
      this.#bus ??= await this.#start()
      this.#connection.exec('savepoint rider')
    } catch (error) {
      this.#turnstile.leave()
      throw error
    }
    this.#bus.riders++
    this.#open = rider
    rider.state = 'open'
  }

  run<Row>(rider: Rider, query: CompiledQuery): QueryResult<Row> {
    if (rider.state !== 'open') throw refusal(rider.state)
    try {
      return this.#statements.run<Row>(query)
    } catch (error) {
      rider.state = 'broken'
      if (!this.#connection.inTransaction) this.#die(error)
      throw error
    }
  }

  /** A statement of one's own, inside an open transaction: Kysely's savepoints. */
  exec(rider: Rider, sql: string): void {
    if (rider.state !== 'open' && !(rider.state === 'broken' && sql.startsWith('rollback to')))
      throw refusal(rider.state)
    this.#connection.exec(sql)
    rider.state = 'open'
  }

  /** Lets the next rider on at once; resolves when the bus has committed. */
  commit(rider: Rider): Promise<void> {
    if (rider.state !== 'open') {
      const reason = refusal(rider.state)
      this.rollback(rider)
      return Promise.reject(reason)
    }
    const bus = this.#bus
    this.#connection.exec('release rider')
    rider.state = 'aboard'
    this.#open = null
    this.#turnstile.leave()
    // An open rider has a bus: it ends only in `#flush`, which throws the open rider off first.
    return (bus as Bus).arrival.promise
  }

  /** Also called by Kysely after a failed commit, when there is nothing left to roll back. */
  rollback(rider: Rider): void {
    if (this.#open !== rider) return
    this.#open = null
    if (this.#bus !== null) {
      this.#bus.riders--
      if (this.#bus.dead === null) this.#connection.exec('rollback to rider; release rider')
    }
    rider.state = 'done'
    this.#turnstile.leave()
  }

  /** Resolves when nothing is on its way to disk. */
  async idle(): Promise<void> {
    while (this.#bus !== null) await this.#flushed
  }

  async #start(): Promise<Bus> {
    for (let tries = 1; ; tries++) {
      try {
        this.#connection.exec('begin immediate')
        break
      } catch (error) {
        const { code } = error as { code?: string }
        const busy = code?.startsWith('SQLITE_BUSY') || /database is locked/.test(String(error))
        if (!busy || tries === beginTries) throw storageFailed(error)
        await this.#options.sleep(beginPauseMs)
      }
    }
    const arrival = deferred<void>()
    this.#flushed = arrival.promise.catch(() => {})
    this.#options.soon(() => this.#flush())
    return { riders: 0, arrival, dead: null }
  }

  #flush(): void {
    const bus = this.#bus
    if (bus === null) return
    this.#options.hook?.('flush.begin')
    if (this.#open !== null) this.#throwOff(this.#open)
    try {
      if (bus.dead !== null) throw bus.dead
      this.#options.hook?.('flush.before-commit')
      this.#connection.exec('commit')
      this.#options.hook?.('flush.after-commit')
    } catch (error) {
      if (this.#connection.inTransaction) this.#connection.exec('rollback')
      this.#bus = null
      bus.arrival.reject(storageFailed(error))
      return
    }
    this.commits++
    this.riders += bus.riders
    this.#bus = null
    bus.arrival.resolve()
  }

  #throwOff(rider: Rider): void {
    this.rollback(rider)
    rider.state = 'thrown-off'
  }

  /** SQLite gave the whole transaction up (disk full, I/O error): everybody aboard is told so by the flush. */
  #die(error: unknown): void {
    if (this.#bus !== null) this.#bus.dead = storageFailed(error)
  }
}

function storageFailed(cause: unknown): AsyncvError {
  if (cause instanceof AsyncvError) return cause
  const message = cause instanceof Error ? cause.message : String(cause)
  return new AsyncvError('storage_failed', `The database could not commit: ${message}.`, {
    hint: 'Nothing of this was kept. Check disk space and permissions; it is tried again.',
    retryable: true,
    cause,
  })
}
