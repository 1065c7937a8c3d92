#!/usr/bin/env node
/** `asyncv-migrate`: the migrations as a command. Results on stdout, talk on stderr; 0 done, 1 a check failed, 2 refused. */
import { existsSync } from 'node:fs'
import sade from 'sade'
import { checkDowns } from './check.ts'
import { migrate } from './migrate.ts'
import { report } from './report.ts'
import { runtimeSet } from './runtime/index.ts'
import { latestVersion, type MigrationSet } from './set.ts'
import type { SqliteConnection } from './sqlite/connection.ts'
import { openSqlite } from './sqlite/open.ts'
import { lockOwner } from './sqlite/owner.ts'
import { readStatus } from './status.ts'
import { StorageError } from './storage-error.ts'
import { studioSet } from './studio/index.ts'

const sets: Record<string, MigrationSet> = { runtime: runtimeSet, studio: studioSet }

interface Flags {
  database: string
  set: string
  to?: string
  json?: boolean
}

const program = sade('asyncv-migrate')
  .version('0.1.0')
  .option('-d, --database', 'The SQLite file', '.asyncv/asyncv.db')
  .option('-s, --set', `Which tables: ${Object.keys(sets).join(', ')}`, 'runtime')
  .option('--json', 'Print JSON')

program
  .command('up')
  .describe('Apply what is missing')
  .option('--to', 'Stop at this version')
  .action((flags: Flags) => guarded(() => move(flags, 'up', (set) => latestVersion(set))))
program
  .command('down')
  .describe('Take migrations back; what their tables hold is lost')
  .option('--to', 'Stop at this version; default one less')
  .action((flags: Flags) => guarded(() => move(flags, 'down', (_, version) => Math.max(0, version - 1))))
program
  .command('status')
  .describe('Say where the database stands')
  .action((flags: Flags) => guarded(() => read(flags, readStatus)))
program
  .command('report')
  .describe('Versions, driver and row counts')
  .action((flags: Flags) => guarded(() => read(flags, report)))
program
  .command('check')
  .describe('Try each way back on sample data, in memory')
  .action((flags: Flags) =>
    guarded(async () => {
      const checks = await checkDowns(setOf(flags))
      print(
        flags,
        checks,
        checks.map(({ version, name, ok }) => `${ok ? 'ok  ' : 'FAIL'} ${version}-${name}`).join('\n'),
      )
      if (checks.some(({ ok }) => !ok)) process.exitCode = 1
    }),
  )
program.parse(process.argv, {
  string: ['to', 'database', 'set'],
  boolean: ['json'],
  // One that is passed over might have been the version to stop at.
  unknown: (flag: string) => `There is no option ${flag}.`,
} as Parameters<typeof program.parse>[1])

async function move(
  flags: Flags,
  way: 'up' | 'down',
  usual: (set: MigrationSet, version: number) => number,
): Promise<void> {
  const set = setOf(flags)
  const wanted = wantedVersion(flags)
  if (way === 'down') checkThere(flags)
  const owner = await lockOwner(flags.database)
  try {
    const connection = await openSqlite(flags.database)
    try {
      const { version } = readStatus(connection, set)
      const to = wanted ?? usual(set, version)
      checkWay(way, version, to)
      const result = migrate(connection, set, { to })
      const list = result.applied.length === 0 ? 'nothing to do' : result.applied.join(', ')
      print(flags, result, `${set.name}: version ${result.from} → ${result.to} (${list})`)
    } finally {
      connection.close()
    }
  } finally {
    owner.release()
  }
}

async function read(flags: Flags, look: (connection: SqliteConnection, set: MigrationSet) => object): Promise<void> {
  checkThere(flags)
  const connection = await openSqlite(flags.database, { readonly: true })
  try {
    const found = look(connection, setOf(flags))
    const lines = Object.entries(found).map(([key, value]) => `${key.padEnd(10)} ${JSON.stringify(value)}`)
    print(flags, found, lines.join('\n'))
  } finally {
    connection.close()
  }
}

function setOf({ set: name }: Flags): MigrationSet {
  const set = sets[name]
  if (set !== undefined) return set
  throw new StorageError('storage_changed', `Unknown set "${name}".`, `Known sets: ${Object.keys(sets).join(', ')}.`)
}

function checkThere({ database }: Flags): void {
  if (existsSync(database)) return
  throw new StorageError(
    'storage_unreadable',
    `There is no database ${database}.`,
    'Name it with --database, or make it with "up".',
  )
}

/** Null where none is named. A variable that is empty, or a value that was forgotten, is not version 0 or 1. */
function wantedVersion({ to }: Flags): number | null {
  if (to === undefined) return null
  if (/^\d{1,6}$/.test(to)) return Number(to)
  throw new StorageError('storage_changed', `--to ${JSON.stringify(to)} is no version.`, 'Give a number from 0 up.')
}

/** What a way down takes back is lost: nobody goes there who said "up". */
function checkWay(way: 'up' | 'down', version: number, to: number): void {
  if (way === 'up' ? to >= version : to <= version) return
  const other = way === 'up' ? 'down' : 'up'
  throw new StorageError(
    'storage_changed',
    `The database is at version ${version}, and ${to} is not ${way} from there.`,
    `Nothing was changed. If you mean it: asyncv-migrate ${other} --to ${to}`,
  )
}

function print({ json }: Flags, value: unknown, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text}\n`)
}

async function guarded(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const { code, message } = Object(error) as { code?: string; message?: string }
    // A full disk, a folder that is not this user's. Anything else is a bug, and keeps its stack.
    if (!(error instanceof StorageError) && !/SQLITE|^E[A-Z]+$/.test(String(code))) throw error
    const hint = error instanceof StorageError ? error.hint : 'Check the disk, and that you may write there.'
    process.stderr.write(`asyncv-migrate: ${message}\n  ${hint}\n`)
    process.exitCode = 2
  }
}
