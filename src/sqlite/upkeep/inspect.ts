import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import {
  openSqlite,
  readStatus,
  report,
  runtimeSet,
  type DatabaseReport,
  type SqliteConnection,
  type SqliteDriverName,
} from '@asyncv/migrations'
import { hashOf as documentHash } from '../../internal/document-hash.ts'
import { asAsyncvError } from '../as-asyncv-error.ts'
import { auditOf } from './audit-rows.ts'
import { isDamage } from './damage.ts'
import { noDatabase } from './backup.ts'
import { blobPath, filesOf } from './files-of.ts'
import { hasTable, tablesOf } from './tables.ts'
import { faultsOf } from './whole.ts'

export interface DatabaseState extends DatabaseReport {
  /** Of the file, of its write-ahead log, and of the files that messages name. */
  bytes: { database: number; log: number; files: number }
}

/** Where a database stands and how large it is; reads only, also beside a runtime that has it. */
export async function databaseState(database: string, driver?: SqliteDriverName): Promise<DatabaseState> {
  return reading(database, driver, (connection) => {
    const blobs = blobsOf(filesOf(database))
    return {
      ...report(connection, runtimeSet),
      bytes: {
        database: sizeOf(database),
        log: sizeOf(`${database}-wal`),
        files: blobs.reduce((sum, { path }) => sum + sizeOf(path), 0),
      },
    }
  })
}

/** One thing that was looked at. */
export interface Inspection {
  check: 'integrity' | 'foreign keys' | 'migrations' | 'audit' | 'releases' | 'rows' | 'files'
  /** What is wrong, a sentence each; nothing when all is well. */
  faults: string[]
  /** What is no fault: files that nothing names go by themselves. */
  notes: string[]
}

/**
 * Looks a database through: every page, the checksums of its migrations, the chain of its audit log, rows that name others
 * which are not there, and every byte of its files. Reads only, also beside a runtime that has it. A fault is a result and
 * no error; throws for what is no database, or one of a newer version.
 */
export async function inspectDatabase(database: string, driver?: SqliteDriverName): Promise<Inspection[]> {
  const folder = filesOf(database)
  const { inspections, named } = await reading(database, driver, (connection) => {
    const integrity = faultsOf(connection)
    const inspections: Inspection[] = [{ check: 'integrity', faults: integrity, notes: [] }]
    // A file that is damaged says nothing that can be relied on.
    if (integrity.length > 0) return { inspections, named: null }
    inspections.push(
      { check: 'foreign keys', faults: brokenKeys(connection), notes: [] },
      migrations(connection),
      audit(connection),
      releases(connection),
      rows(connection),
    )
    return { inspections, named: filesNamed(connection) }
  }).catch((error: unknown) => {
    // So damaged that it does not even open.
    if (!isDamage(error)) throw error
    const integrity: Inspection = { check: 'integrity', faults: [(error as Error).message], notes: [] }
    return { inspections: [integrity], named: null }
  })
  if (named !== null) {
    const namedNow = (): Promise<ReadonlySet<string>> => reading(database, driver, filesNamed)
    inspections.push(await files(folder, named, namedNow))
  }
  return inspections
}

async function reading<Found>(
  database: string,
  driver: SqliteDriverName | undefined,
  look: (connection: SqliteConnection) => Found,
): Promise<Found> {
  if (!existsSync(database)) throw noDatabase(database)
  try {
    const how = { readonly: true, busyTimeoutMs: 5_000, ...(driver === undefined ? {} : { driver }) }
    const connection = await openSqlite(database, how)
    try {
      return look(connection)
    } finally {
      connection.close()
    }
  } catch (error) {
    throw asAsyncvError(database, error)
  }
}

function brokenKeys(connection: SqliteConnection): string[] {
  return connection
    .prepare('pragma foreign_key_check')
    .all([])
    .map(
      ({ table, rowid, parent }) =>
        `Row ${String(rowid)} of ${String(table)} names a row of ${String(parent)} that is not there.`,
    )
}

function migrations(connection: SqliteConnection): Inspection {
  const { version, latest, pending } = readStatus(connection, runtimeSet)
  const notes =
    pending.length === 0 ? [] : [`Version ${version} of ${latest}: the next start applies ${pending.join(', ')}.`]
  return { check: 'migrations', faults: [], notes }
}

function audit(connection: SqliteConnection): Inspection {
  const verdict = auditOf(connection)
  const fault = verdict?.fault ?? null
  return { check: 'audit', faults: fault === null ? [] : [fault.detail], notes: [] }
}

/** What a publisher has signed is the hash of a document. Whether the signature is theirs, a start sees by the trust list. */
function releases(connection: SqliteConnection): Inspection {
  const faults: string[] = []
  if (hasTable(connection, 'release')) {
    const rows = connection.prepare('select revision, hash, document, envelope from release order by revision').all([])
    for (const { revision, hash, document, envelope } of rows) {
      const signed = envelope === null ? hash : readJson(envelope)?.['hash']
      const read = readJson(document)
      if (read !== null && documentHash(read) === hash && signed === hash) continue
      faults.push(`Release ${String(revision)} is not what was applied as ${String(hash)}.`)
    }
  }
  return { check: 'releases', faults, notes: [] }
}

function readJson(text: unknown): Record<string, unknown> | null {
  try {
    return JSON.parse(String(text)) as Record<string, unknown> | null
  } catch {
    return null
  }
}

/** A row that names another one which is not there. Nothing of ours removes the one without the other. */
const links = [
  ['message', 'session_id', 'session'],
  ['message', 'task_id', 'task'],
  ['task', 'session_id', 'session'],
  ['task', 'message_id', 'message'],
  ['task', 'into_task', 'task'],
  ['step', 'task_id', 'task'],
  ['delivery', 'task_id', 'task'],
] as const

function rows(connection: SqliteConnection): Inspection {
  const tables = tablesOf(connection)
  const faults = links.flatMap(([table, column, other]) => {
    if (!tables.has(table) || !tables.has(other)) return []
    const [row] = connection
      .prepare(
        `select count(*) as lost from "${table}" where "${column}" is not null and "${column}" not in (select id from "${other}")`,
      )
      .all([])
    const lost = Number(row?.['lost'])
    return lost === 0 ? [] : [`${lost} rows of ${table} name a ${other} that is not there.`]
  })
  return { check: 'rows', faults, notes: [] }
}

function filesNamed(connection: SqliteConnection): Set<string> {
  if (!hasTable(connection, 'file')) return new Set()
  return new Set(
    connection
      .prepare('select distinct sha256 from file')
      .all([])
      .map(({ sha256 }) => String(sha256)),
  )
}

async function files(
  folder: string,
  named: ReadonlySet<string>,
  namedNow: () => Promise<ReadonlySet<string>>,
): Promise<Inspection> {
  const lost: string[] = []
  const changed: string[] = []
  for (const sha256 of named) {
    const hash = await hashOf(blobPath(folder, sha256))
    if (hash === null) lost.push(sha256)
    else if (hash !== sha256) changed.push(sha256)
  }
  // A runtime may have forgotten some meanwhile, rows first.
  const still = lost.length === 0 ? named : await namedNow()
  const faults = [
    ...lost.filter((sha256) => still.has(sha256)).map((sha256) => `The file ${sha256} is named, and is not there.`),
    ...changed.map((sha256) => `The file ${sha256} is not what was kept.`),
  ]
  const unused = blobsOf(folder).filter(({ name }) => !named.has(name)).length
  const notes = unused === 0 ? [] : [`${unused} files that nothing names any more: the service removes them by itself.`]
  return { check: 'files', faults, notes }
}

function blobsOf(folder: string): { name: string; path: string }[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /^[0-9a-f]{64}$/.test(entry.name))
    .map(({ name, parentPath }) => ({ name, path: join(parentPath, name) }))
}

/** Null for one that was forgotten meanwhile. */
async function hashOf(path: string): Promise<string | null> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path), hash)
    return hash.digest('hex')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
