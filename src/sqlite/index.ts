/**
 * `sqlite(file)`: the default storage. One process owns the file; every commit is synced to disk before it counts.
 *
 * ```ts
 * createAsyncv({ storage: sqlite('.asyncv/asyncv.db'), … })
 * ```
 */
import {
  allowsSeveralConnections,
  lockOwner,
  migrate,
  openSqlite,
  runtimeSet,
  type SqliteConnection,
  type SqliteDriverName,
  StorageError,
} from '@asyncv/migrations'
import { AsyncvError } from '../errors.ts'
import type { BackendOptions, KyselyBackend, OpenBackend } from '../backend.ts'
import { sharedCommitDialect } from './dialect.ts'

export interface SqliteOptions {
  /** Default: better-sqlite3, or `node:sqlite` where that cannot be loaded. */
  driver?: SqliteDriverName
}

/** Describes a SQLite storage; opens nothing before `start()`. `:memory:` keeps nothing. */
export function sqlite(file = '.asyncv/asyncv.db', options: SqliteOptions = {}): KyselyBackend {
  return {
    async open(backend) {
      const opened: { close(): void }[] = []
      try {
        return await open(file, options, backend, opened)
      } catch (error) {
        for (const part of opened.reverse()) part.close()
        throw asAsyncvError(error)
      }
    },
  }
}

async function open(
  file: string,
  { driver }: SqliteOptions,
  { clock, logger, hook }: BackendOptions,
  opened: { close(): void }[],
): Promise<OpenBackend> {
  const chosen = driver === undefined ? {} : { driver }
  const inMemory = file === ':memory:'
  // The directory is made by opening the database, so that comes first; nothing is written before the lock is held.
  const owner = inMemory ? null : await lockOwner(file)
  if (owner !== null) opened.push({ close: () => owner.release() })
  const writer = await openSqlite(file, chosen)
  opened.push(writer)
  const { applied } = migrate(writer, runtimeSet)
  if (applied.length > 0) logger.info({ file, applied }, 'database migrated')
  let reader: SqliteConnection | null = null
  if (!inMemory && allowsSeveralConnections(writer.version)) {
    reader = await openSqlite(file, { ...chosen, readonly: true })
    opened.push(reader)
  }
  const { dialect, shared } = sharedCommitDialect(writer, reader, {
    soon: clock.soon,
    sleep: (ms) => clock.sleep(ms),
    hook,
  })
  return {
    dialect,
    announce: (details) => owner?.announce(details),
    commits: () => ({ commits: shared.commits, riders: shared.riders }),
    close: async () => owner?.release(),
  }
}

function asAsyncvError(error: unknown): unknown {
  if (!(error instanceof StorageError)) return error
  const { code, message, hint } = error
  return new AsyncvError(code, message, { hint, cause: error })
}
