import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { lockOwner } from '@asyncv/migrations'
import { beforeEach, describe, expect, test } from 'vitest'
import { backUp } from './backup.ts'
import { blobOf, hashOf, makeDatabase, rowsIn, scratchFolder, textIn, within } from './database.fixture.ts'
import { inspectDatabase } from './inspect.ts'
import { restore, restoreSteps } from './restore.ts'

const by = { id: 'command', name: 'ann' }

let folder = ''
let backup = ''
let database = ''
beforeEach(async () => {
  folder = scratchFolder()
  const source = join(folder, 'source/asyncv.db')
  await makeDatabase(source, 'from the backup')
  writeFileSync(join(dirname(source), 'vault.key'), 'master\n')
  writeFileSync(join(dirname(source), 'operator.key'), 'operator\n')
  backup = join(folder, 'backup')
  await backUp(source, backup, { keys: ['vault.key', 'operator.key'] })
  database = join(folder, 'there/asyncv.db')
})

/** Has the only message say so in the write-ahead log alone: who wrote it is killed before it is written back. */
function leaveInLog(text: string): void {
  const script = `import { openSqlite } from '@asyncv/migrations'
    const db = await openSqlite(${JSON.stringify(database)})
    db.prepare('update message set parts = ?').run([${JSON.stringify(JSON.stringify([{ type: 'text', text }]))}])
    process.kill(process.pid, 'SIGKILL')`
  spawnSync(process.execPath, ['-C', '@asyncv/source', '--import', 'tsx', '--input-type=module', '-e', script])
}

const faultsIn = async (file: string) => (await inspectDatabase(file)).flatMap(({ faults }) => faults)

test('elsewhere it is whole: rows, files, and the keys that came along', async () => {
  const restored = await restore(backup, database, { by })
  expect(restored).toMatchObject({ database, kept: null, keysWritten: ['operator.key', 'vault.key'], keysLeft: [] })
  expect(await faultsIn(database)).toEqual([])
  expect(await textIn(database)).toBe('from the backup')
  expect(readFileSync(blobOf(database, hashOf('from the backup')), 'utf8')).toBe('from the backup')
  expect(await rowsIn(database, `select name from sqlite_master where name like 'backup%'`)).toEqual([])
  const modes = ['asyncv.db', 'vault.key', 'operator.key'].map(
    (name) => statSync(join(dirname(database), name)).mode & 0o777,
  )
  expect(modes).toEqual([0o600, 0o600, 0o600])
})

test('what may have been sent since is held, and counted; edits and placeholders go on', async () => {
  expect((await restore(backup, database, { by })).held).toBe(4)
  const rows = await rowsIn(database, `select id, state, uncertain_count as n from delivery order by seq`)
  expect(rows.map(({ id, state, n }) => `${id} ${state} ${n}`)).toEqual([
    'd-pending held 1',
    'd-sending held 1',
    'd-sent sent 0',
    'd-retrying held 1',
    'd-uncertain held 1',
    'd-held held 0',
    'd-dead dead 0',
    'd-discarded discarded 0',
    'd-edit retrying 0',
    'd-draft pending 0',
  ])
  const [held] = await rowsIn(database, `select error from delivery where id = 'd-pending'`)
  expect(JSON.parse(String(held?.['error']))).toMatchObject({ message: expect.stringContaining('backup of 20') })
})

test('of one that moved, what was to be sent is sent', async () => {
  expect((await restore(backup, database, { by, moved: true })).held).toBe(0)
  expect(await rowsIn(database, `select state from delivery where id = 'd-pending'`)).toEqual([{ state: 'pending' }])
})

test('the audit log goes on, and says who did it', async () => {
  await restore(backup, database, { by })
  expect(await rowsIn(database, 'select n, actor, actor_name, action from audit where n = 2')).toEqual([
    { n: 2, actor: 'command', actor_name: 'ann', action: 'database.restored' },
  ])
})

test('what was there is kept, with its files, and can be looked at', async () => {
  await makeDatabase(database, 'before')
  const { kept } = await restore(backup, database, { by })
  expect(await textIn(database)).toBe('from the backup')
  expect(await textIn(kept ?? '')).toBe('before')
  expect(await faultsIn(kept ?? '')).toEqual([])
})

test('what was only in the log of the database that was there is kept too', async () => {
  await makeDatabase(database, 'before')
  leaveInLog('in the log')
  expect(statSync(`${database}-wal`).size).toBeGreaterThan(0)
  const { kept } = await restore(backup, database, { by })
  expect(await textIn(kept ?? '')).toBe('in the log')
  expect(await textIn(database)).toBe('from the backup')
})

test('a damaged database makes room, and is kept as it is', async () => {
  mkdirSync(dirname(database))
  writeFileSync(database, 'no database '.repeat(1_000))
  writeFileSync(`${database}-wal`, 'its log')
  const { kept } = await restore(backup, database, { by })
  expect(await faultsIn(database)).toEqual([])
  expect(readFileSync(kept ?? '', 'utf8')).toContain('no database')
  expect(readFileSync(`${kept}-wal`, 'utf8')).toBe('its log')
})

describe('refused, and nothing is changed:', () => {
  beforeEach(() => makeDatabase(database, 'before'))

  async function refused(code: string, message: RegExp): Promise<void> {
    const before = readdirSync(dirname(database)).filter((name) => !/-(wal|shm)$|\.owner/.test(name))
    await expect(restore(backup, database, { by })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
    expect(readdirSync(dirname(database)).filter((name) => !/-(wal|shm)$|\.owner/.test(name))).toEqual(before)
    expect(await textIn(database)).toBe('before')
  }

  test('while a runtime has the database', async () => {
    const owner = await lockOwner(database)
    await refused('storage_in_use', new RegExp(`process ${process.pid}`))
    owner.release()
  })

  test('a backup of a newer version', async () => {
    await within(backup, (db) => db.exec('update schema_version set version = 999'))
    await refused('storage_newer', /version 999/)
  })

  test('a backup with a byte of a file changed', async () => {
    const bytes = readFileSync(backup)
    // The one behind its hash is in the row of the file.
    const hash = hashOf('from the backup')
    const places = [...bytes.toString('latin1').matchAll(/from the backup/g)].map(({ index }) => index)
    const blob = places.find((place) => bytes.subarray(place - 66, place).includes(hash)) ?? 0
    expect(blob).toBeGreaterThan(0)
    const handle = openSync(backup, 'r+')
    writeSync(handle, 'F', blob)
    await refused('storage_unreadable', /damaged/)
  })

  test('a backup that was cut', async () => {
    writeFileSync(backup, readFileSync(backup).subarray(0, 40_000))
    await refused('storage_unreadable', /damaged/)
  })

  test('a backup whose audit log was changed', async () => {
    await within(backup, (db) => db.exec(`update audit set target = 'other'`))
    await refused('storage_unreadable', /audit log was changed/)
  })

  test('a text', async () => {
    writeFileSync(backup, 'hello')
    await refused('storage_unreadable', /no backup/)
  })

  test('another database', async () => {
    copyFileSync(join(folder, 'source/asyncv.db'), backup)
    await refused('storage_unreadable', /no backup/)
  })

  test('no file', async () => {
    backup = join(folder, 'none')
    await refused('storage_unreadable', /There is no backup/)
  })

  test('another master key beside the database', async () => {
    writeFileSync(join(dirname(database), 'vault.key'), 'another\n')
    await refused('state_conflict', /vault\.key is not the backup's master key/)
  })
})

test('an operator key that is there stays', async () => {
  mkdirSync(dirname(database))
  writeFileSync(join(dirname(database), 'operator.key'), 'of this machine\n')
  expect(await restore(backup, database, { by })).toMatchObject({
    keysWritten: ['vault.key'],
    keysLeft: ['operator.key'],
  })
  expect(readFileSync(join(dirname(database), 'operator.key'), 'utf8')).toBe('of this machine\n')
})

test.each(restoreSteps)(
  'killed when it is %s, either database is whole, and a second try does it',
  { timeout: 60_000 },
  async (step) => {
    await makeDatabase(database, 'earlier')
    leaveInLog('before')
    const fixture = join(import.meta.dirname, 'killed-restore.fixture.ts')
    const { signal } = spawnSync(process.execPath, [
      '-C',
      '@asyncv/source',
      '--import',
      'tsx',
      fixture,
      backup,
      database,
      step,
    ])
    expect(signal).toBe('SIGKILL')
    expect(await textIn(database)).toBe(step === 'placed' ? 'from the backup' : 'before')
    expect(await faultsIn(database)).toEqual([])
    const { kept } = await restore(backup, database, { by })
    expect(await textIn(database)).toBe('from the backup')
    expect(await faultsIn(database)).toEqual([])
    expect(await textIn(kept ?? '')).toBe(step === 'placed' ? 'from the backup' : 'before')
    const left = readdirSync(dirname(database)).filter(
      (name) => name.includes('restoring') || name.includes('.before-'),
    )
    const expected = step === 'placed' ? 4 : 2
    expect(left).toHaveLength(expected)
    expect(existsSync(`${kept}-files`)).toBe(true)
  },
)
