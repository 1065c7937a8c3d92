import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { allowsSeveralConnections } from './connection.ts'
import { openSqlite } from './open.ts'
import { isOwned, lockOwner, readOwner } from './owner.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asyncv-owner-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const file = (): string => join(folder, 'a.db')

test('a second owner is refused, and told who the first one is', async () => {
  const owner = await lockOwner(file())
  owner.announce({ url: 'http://127.0.0.1:7400' })
  await expect(lockOwner(file())).rejects.toMatchObject({
    code: 'storage_in_use',
    message: expect.stringMatching(new RegExp(`process ${process.pid} \\(http://127.0.0.1:7400\\)`)),
  })
  owner.release()
  const next = await lockOwner(file())
  next.release()
})

test('a link to a database has the same owner', async () => {
  const owner = await lockOwner(file())
  const elsewhere = mkdtempSync(join(tmpdir(), 'asyncv-owner-'))
  symlinkSync(folder, join(elsewhere, 'folder'))
  writeFileSync(file(), '')
  symlinkSync(file(), join(elsewhere, 'b.db'))
  await expect(lockOwner(join(elsewhere, 'folder', 'a.db'))).rejects.toMatchObject({ code: 'storage_in_use' })
  await expect(lockOwner(join(elsewhere, 'b.db'))).rejects.toMatchObject({ code: 'storage_in_use' })
  owner.release()
  rmSync(elsewhere, { recursive: true })
})

test('the lock of a process that was killed is free at once', async () => {
  const script = `import { lockOwner } from '@asyncv/migrations'; await lockOwner(${JSON.stringify(file())}); console.log('held'); setInterval(() => {}, 1000)`
  const child = spawn(
    process.execPath,
    ['-C', '@asyncv/source', '--import', 'tsx', '--input-type=module', '-e', script],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  await once(child.stdout, 'data')
  await expect(lockOwner(file())).rejects.toMatchObject({ message: expect.stringContaining(`process ${child.pid}`) })
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await readOwner(file())).toBeNull()
  const owner = await lockOwner(file())
  owner.release()
})

test.each(['{"pid": 12', '{"pid": -1}', '{"pid": 0}', '{"pid": "1"}', 'null', '[]'])(
  'an owner file that says %s names nobody, and the database is owned all the same',
  async (content) => {
    const owner = await lockOwner(file())
    writeFileSync(`${file()}.owner.json`, content)
    expect(await readOwner(file())).toBeNull()
    expect(await isOwned(file())).toBe(true)
    owner.release()
    expect(await isOwned(file())).toBe(false)
  },
)

test('whoever only looks whether there is an owner keeps nobody from becoming it', async () => {
  ;(await lockOwner(file())).release()
  const look = await openSqlite(`${file()}.owner`)
  look.exec('pragma journal_mode = delete; begin exclusive')
  const becoming = lockOwner(file())
  setTimeout(() => look.exec('rollback'), 10)
  ;(await becoming).release()
  look.close()
})

test('a place where no owner has ever been is left as it was', async () => {
  expect(await isOwned(file())).toBe(false)
  expect(readdirSync(folder)).toEqual([])
})

test.each([
  ['3.51.2', false],
  ['3.51.3', true],
  ['3.53.2', true],
  ['3.50.9', false],
  ['4.0.0', true],
])('several connections with SQLite %s: %s', (version, allowed) => {
  expect(allowsSeveralConnections(version)).toBe(allowed)
})
