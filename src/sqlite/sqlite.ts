import { realpathSync } from 'node:fs'
import {
  allowsSeveralConnections,
  eventTriggers,
  lockOwner,
  migrate,
  openSqlite,
  runtimeSet,
  type SqliteConnection,
  type SqliteDriverName,
} from '@asyncv/migrations'
import type { BackendOptions, KyselyBackend, OpenBackend } from '../backend.ts'
import { folderBlobs } from '../blobs/folder.ts'
import { memoryBlobs } from '../blobs/memory.ts'
import { AsyncvError } from '../errors.ts'
import { asAsyncvError } from './as-asyncv-error.ts'
import { committed, transaction } from './connection.ts'
import { sharedCommitDialect } from './dialect.ts'
import { SharedCommit } from './shared-commit.ts'
import { Statements } from './statements.ts'

export interface SqliteOptions {
  /** Default: better-sqlite3, or `node:sqlite` where that cannot be loaded. */
  driver?: SqliteDriverName
}

/**
 * Describes a SQLite storage; opens nothing before `start()`. The file and its folder are made when they are missing.
 * `:memory:` keeps nothing. Throws `config_invalid` when the file has no name.
 */
export function sqlite(file = '.asyncv/asyncv.db', options: SqliteOptions = {}): KyselyBackend {
  // SQLite takes an empty name for a database that vanishes when it is closed.
  if (typeof file !== 'string' || file.trim() === '') {
    throw new AsyncvError('config_invalid', `The storage's file is ${JSON.stringify(file)}.`, {
      hint: 'Name a file, such as ".asyncv/asyncv.db", or ":memory:" to keep nothing.',
    })
  }
  return {
    async open(backend) {
      const opened: Opened = []
      try {
        return await open(file, options, backend, opened)
      } catch (error) {
        closeAll(opened)
        throw asAsyncvError(file, error)
      }
    },
  }
}

/** What has to be closed again, in the order of opening. */
type Opened = { close(): void }[]

async function open(
  file: string,
  options: SqliteOptions,
  { clock, logger, hook, keepEvents }: BackendOptions,
  opened: Opened,
): Promise<OpenBackend> {
  const inMemory = file === ':memory:'
  // Nothing is read or written before the lock is held.
  const owner = inMemory ? null : await lockOwner(file)
  if (owner !== null) opened.push({ close: () => owner.release() })
  const writer = await openSqlite(file, options)
  opened.push(writer)
  const { applied } = migrate(writer, runtimeSet)
  if (applied.length > 0) logger.info({ file, applied }, 'database migrated')
  if (keepEvents !== undefined) {
    const changes = eventTriggers.sqlite[keepEvents ? 'create' : 'drop']
    writer.exec(['begin immediate', ...changes, 'commit'].join(';\n'))
  }
  // SQLite waits for a lock by blocking the event loop. Nobody else should write while we own the file; if somebody does
  // all the same, BEGIN is tried again from a timer.
  writer.exec('pragma busy_timeout = 0')
  let reader: SqliteConnection | null = null
  if (!inMemory && allowsSeveralConnections(writer.version)) {
    reader = await openSqlite(file, { ...options, readonly: true })
    opened.push(reader)
  }
  const shared = new SharedCommit(writer, { clock, hook })
  const statements = reader === null ? null : new Statements(reader)
  return {
    dialect: sharedCommitDialect(shared, statements),
    driver: `${writer.driver}, SQLite ${writer.version}`,
    // Beside the file itself, as its lock is: whatever links lead to it, they lead to the same files.
    blobs: inMemory ? memoryBlobs() : folderBlobs(`${realpathSync(file)}-files`),
    transaction: (work) => transaction(shared, work),
    committed: committed(shared, statements),
    announce: (details) => owner?.announce(details),
    commits: () => ({ commits: shared.commits, riders: shared.riders }),
    refusal: () => shared.refusal,
    async close() {
      await shared.close()
      closeAll(opened)
    },
  }
}

/** The other way round than opened: the lock goes last. What is closed stays closed when it is asked again. */
function closeAll(opened: Opened): void {
  for (let part = opened.pop(); part !== undefined; part = opened.pop()) part.close()
}
