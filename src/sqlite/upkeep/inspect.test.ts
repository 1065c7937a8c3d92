import { openSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { blobOf, hashOf, makeDatabase, scratchFolder, within, writeBlob } from './database.fixture.ts'
import { databaseState, inspectDatabase } from './inspect.ts'

let database = ''
beforeEach(async () => {
  database = join(scratchFolder(), 'asyncv.db')
  await makeDatabase(database, 'hello')
})

test('says of a whole database that it is', async () => {
  const found = await inspectDatabase(database)
  expect(found.map(({ check }) => check)).toEqual([
    'integrity',
    'foreign keys',
    'migrations',
    'audit',
    'releases',
    'rows',
    'files',
  ])
  expect(found.flatMap(({ faults, notes }) => [...faults, ...notes])).toEqual([])
})

test.each([
  ['audit', `update audit set target = 'other'`, /Entry 1 is not what was written/],
  ['audit', 'delete from audit', /Entry 1 is gone from the end/],
  [
    'releases',
    `insert into release values (1, 'sha256:${'0'.repeat(64)}', null, 'file', 1, null, 0, 1, 1, 'program', null, '{}', '{}')`,
    /Release 1 is not what was applied as sha256:0{64}/,
  ],
  ['rows', 'delete from session', /1 rows of message name a session/],
  ['rows', `update message set task_id = 'gone'`, /1 rows of message name a task/],
  [
    'files',
    `insert into file values ('f2', 'b', 't', 1, '${'0'.repeat(64)}', 'default', 1, 2)`,
    /0{64} is named, and is not there/,
  ],
] as const)('finds in %s what "%s" did', async (check, statement, fault) => {
  await within(database, (db) => db.exec(statement))
  const found = await inspectDatabase(database)
  expect(found.find((one) => one.check === check)?.faults[0]).toMatch(fault)
})

test('finds a file that was changed, and tells of one that nothing names', async () => {
  writeFileSync(blobOf(database, hashOf('hello')), 'HELLO')
  writeBlob(database, hashOf('unused'), 'unused')
  const files = (await inspectDatabase(database)).find(({ check }) => check === 'files')
  expect(files).toMatchObject({
    faults: [expect.stringMatching(/is not what was kept/)],
    notes: [expect.stringMatching(/^1 files/)],
  })
})

test('finds a page that was changed', async () => {
  await within(database, (db) => db.exec('pragma wal_checkpoint(truncate)'))
  const { size } = statSync(database)
  const handle = openSync(database, 'r+')
  for (let page = 3; page < size / 4_096; page++) writeSync(handle, 'spoilt', page * 4_096)
  const [integrity] = await inspectDatabase(database)
  expect(integrity?.faults.length).toBeGreaterThan(0)
})

test('finds one that does not even open', async () => {
  await within(database, (db) => db.exec('pragma wal_checkpoint(truncate); pragma journal_mode = delete'))
  truncateSync(database, 8_192)
  const [integrity] = await inspectDatabase(database)
  expect(integrity?.faults[0]).toMatch(/malformed/)
})

test('refuses one of a newer version, and what is none', async () => {
  await within(database, (db) => db.exec('update schema_version set version = 999'))
  await expect(inspectDatabase(database)).rejects.toMatchObject({ code: 'storage_newer' })
  rmSync(database)
  await expect(inspectDatabase(database)).rejects.toMatchObject({ code: 'storage_unreadable' })
})

test('counts rows and bytes', async () => {
  expect(await databaseState(database)).toMatchObject({
    pending: [],
    rows: { message: 1, delivery: 10, audit: 1 },
    bytes: { database: expect.any(Number), files: 5 },
  })
})
