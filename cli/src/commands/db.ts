import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readOwner } from '@asyncv/migrations'
import type { BackupNote, Restored } from 'asyncv/sqlite'
import { CommandError } from '../failure.ts'
import { hostUser } from '../desks/host-user.ts'
import { keyFiles, masterKeyFile } from '../key-files/key-files.ts'
import { endWithReader, print, printJson, talk } from '../output.ts'
import { findPlace } from '../calling/service.ts'
import { bytesOf } from '../terminal/bytes.ts'
import { confirm } from '../terminal/confirm.ts'
import { screen } from '../terminal/screen.ts'
import { tableOf } from '../terminal/table.ts'
import { secondOf } from '../terminal/time.ts'
import { padEnd, widthOf } from '../terminal/width.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** `asyncv db migrate`: what the next start would do, now. Refused while a service has the database. */
export async function migrate(flags: Flags): Promise<void> {
  endWithReader()
  const database = await databaseHere()
  const { migrateDatabase } = await import('asyncv/sqlite')
  const result = await migrateDatabase(database)
  if (flags['json']) return printJson({ database, ...result })
  const { from, to, applied } = result
  print(
    applied.length === 0
      ? words.db.upToDate(database, to)
      : words.db.migrated(database, `${from}`, `${to}`, applied.join(', ')),
  )
}

/** `asyncv db status`, also beside a service. Throws for a database that was not migrated as released. */
export async function status(flags: Flags): Promise<void> {
  endWithReader()
  const database = await databaseHere()
  const { databaseState } = await import('asyncv/sqlite')
  const state = await databaseState(database)
  const owner = await readOwner(database).catch(() => null)
  if (flags['json']) return printJson({ ...state, checksums: 'ok', owner })
  const { db } = words
  const facts = [
    [db.version, db.ofLatest(state.version, state.latest)],
    [db.pending, state.pending.join(', ') || db.none],
    [db.checksums, db.asReleased],
    [db.applied, state.appliedAt === null ? db.none : secondOf(state.appliedAt)],
    [db.size, db.sizes(bytesOf(state.bytes.database), bytesOf(state.bytes.log), bytesOf(state.bytes.files))],
    [db.owner, owner === null ? db.nobody : db.process(owner.pid)],
    [db.driver, `${state.driver}, SQLite ${state.sqlite}, Node ${state.node}`],
  ] as const
  const width = Math.max(...facts.map(([name]) => widthOf(name)))
  const { paint } = screen()
  print(`${paint.bold(state.file)}\n${facts.map(([name, value]) => `  ${padEnd(name, width)}  ${value}`).join('\n')}\n`)
  print(
    tableOf(
      Object.entries(state.rows),
      [
        { heading: db.table, cell: ([table]) => table },
        { heading: db.rows, cell: ([, rows]) => String(rows), right: true },
      ],
      screen(),
    ),
  )
}

/** `asyncv db check`, also beside a service. Exit code 1 when something is wrong. */
export async function check(flags: Flags): Promise<void> {
  endWithReader()
  const database = await databaseHere()
  const { inspectDatabase } = await import('asyncv/sqlite')
  const inspections = await inspectDatabase(database)
  const faults = inspections.reduce((sum, inspection) => sum + inspection.faults.length, 0)
  if (faults > 0) process.exitCode = 1
  if (flags['json']) return printJson({ database, whole: faults === 0, checks: inspections })
  const { paint } = screen()
  for (const { check: name, faults: found, notes } of inspections) {
    print(`${found.length === 0 ? paint.green('✓') : paint.red('✗')} ${words.db.checks[name]}`)
    for (const line of found) print(`    ${line}`)
    for (const line of notes) print(`    ${paint.dim(line)}`)
  }
  print(faults === 0 ? words.db.whole(database) : words.db.faulty(database, faults))
  if (faults > 0) talk(words.db.faultyHint, flags)
}

/** `asyncv db backup FILE`, also beside a service. */
export async function backup(flags: Flags, file: string): Promise<void> {
  endWithReader()
  const database = await databaseHere()
  const { backUp } = await import('asyncv/sqlite')
  const target = resolve(file)
  if (isKeyFile(target, database)) throw new CommandError(words.db.keyFile(target), words.db.keyFileHint, 2)
  if (existsSync(target) && !(await confirm(words.db.askReplace(target), flags))) return nothingDone(flags)
  const keys = flags['with-keys'] === true ? keyFiles : []
  const made = await backUp(database, target, { overwrite: flags['yes'] === true || existsSync(target), keys })
  if (flags['json']) printJson(made)
  else {
    print(words.db.made(made.file, bytesOf(made.bytes)))
    for (const line of factsOf(made)) print(`  ${line}`)
  }
  if (!made.auditWhole) talk(words.db.auditBroken, flags)
  if (made.missingFiles.length > 0) talk(words.db.missing(made.missingFiles), flags)
  talk(words.db.notInIt, flags)
  if (made.keys.length > 0) talk(words.db.keysAreIn(made.keys), flags)
  const hasMasterKey = made.keys.includes(masterKeyFile)
  if (made.secrets > 0 && !hasMasterKey) {
    talk(words.db.bringMasterKey(made.secrets, join(dirname(database), masterKeyFile)), flags)
  }
}

/** Whoever says that a file may be replaced does not mean the keys without which the backup is worth nothing. */
function isKeyFile(target: string, database: string): boolean {
  const beside = keyFiles.map((name) => join(dirname(database), name)).filter((key) => existsSync(key))
  return existsSync(target) && beside.some((key) => realpathSync(key) === realpathSync(target))
}

/** `asyncv db restore FILE`. Refused while a service has the database. */
export async function restore(flags: Flags, file: string): Promise<void> {
  endWithReader()
  const { database, env } = await placeHere()
  const { readBackup, restore: putBack } = await import('asyncv/sqlite')
  // Looked through, and refused where a service runs, before anybody is asked.
  const { madeAt } = await readBackup(resolve(file))
  const owner = await readOwner(database).catch(() => null)
  if (owner !== null) throw new CommandError(words.db.inUse(database, owner.pid), words.db.inUseHint, 2)
  const question = words.db.askRestore(database, secondOf(madeAt))
  if (existsSync(database) && !(await confirm(question, flags))) return nothingDone(flags)
  const restored = await putBack(resolve(file), database, { by: hostUser(), moved: flags['moved'] === true })
  if (flags['json']) printJson(restored)
  else {
    print(words.db.restored(database, secondOf(madeAt)))
    for (const line of factsOf(restored)) print(`  ${line}`)
    if (restored.kept !== null) print(words.db.kept(restored.kept))
  }
  for (const line of toDo(restored, env['ASYNCV_MASTER_KEY'] !== undefined)) talk(line, flags)
}

/** What whoever restored has to know, and to do. */
function toDo(restored: Restored, hasMasterKey: boolean): string[] {
  const { database, secrets, held, openTasks, keysWritten, keysLeft, missingFiles } = restored
  const masterKey = join(dirname(database), masterKeyFile)
  const { db } = words
  return [
    ...(keysWritten.length > 0 ? [db.keysWritten(keysWritten)] : []),
    ...(keysLeft.length > 0 ? [db.keysLeft(keysLeft)] : []),
    ...(secrets > 0 && !hasMasterKey && !existsSync(masterKey) ? [db.needsMasterKey(secrets, masterKey)] : []),
    ...(missingFiles.length > 0 ? [db.missing(missingFiles)] : []),
    ...(held > 0 ? [db.held(held)] : []),
    ...(openTasks > 0 ? [db.goOn(openTasks)] : []),
    db.oneOnly,
  ]
}

function factsOf({ madeAt, schemaVersion, files, fileBytes, auditHead }: BackupNote): string[] {
  const { db } = words
  return [
    db.holds(secondOf(madeAt), schemaVersion),
    ...(files > 0 ? [db.fileCount(files, bytesOf(fileBytes))] : []),
    ...(auditHead !== null && auditHead.n > 0 ? [db.auditEnd(`${auditHead.n}:${auditHead.hash}`)] : []),
  ]
}

function nothingDone(flags: Flags): void {
  process.exitCode = 1
  talk(words.db.nothingDone, flags)
}

async function databaseHere(): Promise<string> {
  return (await placeHere()).database
}

async function placeHere(): ReturnType<typeof findPlace> {
  const place = await findPlace(process.env)
  if (place.database !== ':memory:') return place
  throw new CommandError(words.db.inMemory, words.db.inMemoryHint, 2)
}
