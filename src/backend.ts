import type { CompiledQuery, Dialect, QueryResult } from 'kysely'
import type { Clock } from './clock.ts'
import type { BlobStore } from './file-store.ts'
import type { Logger } from './logger.ts'

/** What a database has to give so that the storage verbs can be carried out on it through Kysely. */
export interface KyselyBackend {
  /** Takes ownership, brings the schema to its version, opens. Rejects with a `storage_…` error and holds nothing. */
  open(options: BackendOptions): Promise<OpenBackend>
}

export interface BackendOptions {
  clock: Clock
  logger: Logger
  /** Whether what happens is written down as events from now on. Default: as it was. */
  keepEvents?: boolean
  /** Called at points inside a commit; what crash tests kill at. */
  hook: ((point: string) => void) | null
}

/** Where compiled queries go: what is committed, or one transaction. A database in this process answers at once, a promise less. */
export interface Executor {
  executeQuery<Row>(query: CompiledQuery<Row>): QueryResult<Row> | Promise<QueryResult<Row>>
}

/** Where other processes on this host find what listens for a runtime. */
export interface Reachable {
  /** The service for callers. */
  url?: string
  /** The one for those who manage it. */
  management?: string
}

export interface OpenBackend {
  dialect: Dialect
  /** For operators: the driver and its version, such as `better-sqlite3, SQLite 3.50.4`. */
  driver?: string
  /** Where the bytes of files are kept; lives as long as the database does. */
  blobs: BlobStore
  /**
   * Carries `work` out as one transaction, which begins in the order of the calls. Resolves when it is on disk; rejects
   * when nothing of it was kept. `work` awaits nothing but its own queries.
   */
  transaction<Result>(work: (executor: Executor) => Promise<Result>): Promise<Result>
  /** Reads what is committed, outside any transaction. */
  committed: Executor
  /** Tells other processes on this host where the owner can be reached. */
  announce(details: Reachable): void
  /** Commits that reached the disk since it was opened, and the transactions they carried. */
  commits(): { commits: number; riders: number }
  /** Why the last commit did not reach the disk; null when it did, or none was tried. Default: it is not known, as null. */
  refusal?(): string | null
  /**
   * Waits for what is under way, closes, and gives ownership up. Called after Kysely has destroyed its driver, which it
   * does not do when it has never used it. May be called twice.
   */
  close(): Promise<void>
}
