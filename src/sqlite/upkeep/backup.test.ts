import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lockOwner, openSqlite } from '@asyncv/migrations'
import { beforeEach, expect, test } from 'vitest'
import { backUp } from './backup.ts'
import { blobOf, hashOf, makeDatabase, rowsIn, scratchFolder, textIn, within, writeBlob } from './database.fixture.ts'

let folder = ''
let database = ''
let to = ''
beforeEach(async () => {
  folder = scratchFolder()
  database = join(folder, 'asyncv.db')
  to = join(folder, 'backup')
  await makeDatabase(database, 'hello')
})

test('beside an owner, a backup has what was committed, and does not wait for what is being written', async () => {
  const owner = await lockOwner(database)
  const writer = await openSqlite(database)
  writer.exec(`begin immediate; update message set parts = '[{"type":"text","text":"later"}]'`)
  const made = await backUp(database, to)
  writer.exec('commit')
  writer.close()
  owner.release()
  expect(made).toMatchObject({
    running: true,
    files: 1,
    fileBytes: 5,
    missingFiles: [],
    openTasks: 1,
    openDeliveries: 6,
  })
  expect(await textIn(to)).toBe('hello')
})

test('it says that nobody had the database, where the audit log ends, and how many secrets want the master key', async () => {
  await within(database, (db) => db.exec(`insert into secret values ('A', 1, 'x', 'y', 'z', null, 1)`))
  const [head] = await rowsIn(database, 'select n, hash from audit_head')
  expect(await backUp(database, to)).toMatchObject({ running: false, auditHead: head, auditWhole: true, secrets: 1 })
})

test('its owner alone may read it, and nothing lies beside it', async () => {
  await backUp(database, to)
  expect(statSync(to).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder).filter((name) => name.startsWith('backup'))).toEqual(['backup'])
})

test('a file that is there stays as it is, unless it may be replaced', async () => {
  writeFileSync(to, 'mine')
  await expect(backUp(database, to)).rejects.toMatchObject({ code: 'input_invalid' })
  expect(readFileSync(to, 'utf8')).toBe('mine')
  await backUp(database, to, { overwrite: true })
  expect(await textIn(to)).toBe('hello')
})

test('the database itself is no place for its backup, whatever may be replaced', async () => {
  await expect(backUp(database, database, { overwrite: true })).rejects.toMatchObject({ code: 'input_invalid' })
  expect(await textIn(database)).toBe('hello')
})

test('keys are in it only when they are asked for', async () => {
  writeFileSync(join(folder, 'vault.key'), 'secret\n')
  expect((await backUp(database, to)).keys).toEqual([])
  expect(readFileSync(to).includes('secret\n')).toBe(false)
  const all = join(folder, 'all')
  expect((await backUp(database, all, { keys: ['vault.key', 'operator.key'] })).keys).toEqual(['vault.key'])
  expect(await rowsIn(all, 'select * from backup_key')).toEqual([{ name: 'vault.key', content: 'secret\n' }])
})

test('files that are gone or damaged are named, and the rest is copied', async () => {
  const other = hashOf('other')
  await within(database, (db) =>
    db.exec(`insert into file values ('f2', 'b', 'text/plain', 5, '${other}', 'default', 1, 2)`),
  )
  writeBlob(database, other, 'OTHER')
  expect(await backUp(database, to)).toMatchObject({ files: 1, missingFiles: [other] })
  rmSync(blobOf(database, hashOf('hello')))
  expect((await backUp(database, to, { overwrite: true })).missingFiles).toHaveLength(2)
})

test('a large file is copied in pieces, byte for byte', async () => {
  const large = 'x'.repeat(2_500_000)
  await within(database, (db) =>
    db.exec(`insert into file values ('f2', 'b', 'text/plain', 1, '${hashOf(large)}', 'default', 1, 2)`),
  )
  writeBlob(database, hashOf(large), large)
  expect(await backUp(database, to)).toMatchObject({ files: 2, fileBytes: 2_500_005 })
  expect(await rowsIn(to, `select count(*) as n from backup_blob where sha256 = '${hashOf(large)}'`)).toEqual([
    { n: 3 },
  ])
})

test('an audit log that was changed is copied as it is, and said to be', async () => {
  await within(database, (db) => db.exec(`update audit set target = 'other'`))
  expect(await backUp(database, to)).toMatchObject({ auditWhole: false })
})

test('what a killed backup left goes with the next one', async () => {
  writeFileSync(`${to}.999999999.part`, 'half')
  await backUp(database, to)
  expect(existsSync(`${to}.999999999.part`)).toBe(false)
})

test.each([
  ['no database', () => rmSync(database), 'storage_unreadable', /There is no database/],
  ['no database at all', () => writeFileSync(database, 'x'.repeat(9_000)), 'storage_unreadable', /not a database/],
  [
    'one of a newer version',
    () => within(database, (db) => db.exec('update schema_version set version = 999')),
    'storage_newer',
    /version 999/,
  ],
  ['a folder that is not there', () => void (to = join(folder, 'no/backup')), 'input_invalid', /There is no folder/],
])('%s is refused, and leaves nothing behind', async (_, spoil, code, message) => {
  await spoil()
  const before = readdirSync(folder)
  await expect(backUp(database, to)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  expect(readdirSync(folder).filter((name) => !/-(wal|shm)$/.test(name))).toEqual(
    before.filter((name) => !/-(wal|shm)$/.test(name)),
  )
})

test.skipIf(process.getuid?.() === 0)('a folder that may not be written is said to be one', async () => {
  chmodSync(folder, 0o500)
  await expect(backUp(database, to)).rejects.toMatchObject({ code: 'input_invalid' })
  chmodSync(folder, 0o700)
})
