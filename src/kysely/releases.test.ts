import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '@asyncv/migrations'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { silentLogger } from '../logger.ts'
import type { ReleaseDraft } from '../release-store.ts'
import { sqlite } from '../sqlite/index.ts'
import type { Storage } from '../storage.ts'
import { openStorage } from './storage.ts'

async function opened(): Promise<Storage> {
  const storage = await openStorage(sqlite(':memory:'), { clock: systemClock, logger: silentLogger, hook: null })
  onTestFinished(() => storage.close())
  return storage
}

const by = { id: 'operator', name: null }

function draft(n: number, parentHash: string | null, change: Partial<ReleaseDraft> = {}): ReleaseDraft {
  return {
    hash: `sha256:${n}`,
    document: `{"n":${n}}`,
    envelope: null,
    publisher: 'command',
    sequence: n,
    parentHash,
    forced: false,
    createdAt: 1,
    appliedAt: n,
    grants: { texts: [], secrets: {} },
    by,
    ...change,
  }
}

test('a list reads past no document: in a row the document stands last', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-releases-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'asyncv.db')
  const storage = await openStorage(sqlite(file), { clock: systemClock, logger: silentLogger, hook: null })
  await storage.close()
  const database = await openSqlite(file)
  onTestFinished(() => database.close())
  const columns = database.prepare(`select name from pragma_table_info('release') order by cid`).all([])
  expect(columns.at(-1)).toEqual({ name: 'document' })
})

const actions = async (storage: Storage) =>
  (await storage.audit({ order: 'oldest' })).data.map(({ action, target }) => `${action} ${target}`)

test('releases are numbered, the newest is in force, and each is in the audit log', async () => {
  const storage = await opened()
  expect(await storage.currentRelease()).toBeNull()
  expect((await storage.applyRelease(draft(1, null))).revision).toBe(1)
  await storage.applyRelease(draft(2, 'sha256:1'))
  expect(await storage.currentRelease()).toMatchObject({ revision: 2, document: '{"n":2}', by })
  expect(await storage.release(1)).toMatchObject({ hash: 'sha256:1' })
  expect(await storage.release(3)).toBeNull()
  const { data } = await storage.releases({})
  expect(data.map(({ revision }) => revision)).toEqual([2, 1])
  expect(data[0]).not.toHaveProperty('document')
  expect(await actions(storage)).toEqual(['release.applied 1', 'release.applied 2'])
})

test('one that does not follow what is in force is refused, and leaves nothing', async () => {
  const storage = await opened()
  await storage.applyRelease(draft(1, null))
  await expect(storage.applyRelease(draft(2, null))).rejects.toMatchObject({ code: 'release_stale' })
  await expect(storage.applyRelease(draft(2, 'sha256:0'))).rejects.toMatchObject({ code: 'release_stale' })
  expect((await storage.currentRelease())?.revision).toBe(1)
  expect(await actions(storage)).toEqual(['release.applied 1'])
})

test('a sequence that is not above the publisher’s last is refused unless forced, which lowers nothing', async () => {
  const storage = await opened()
  await storage.applyRelease(draft(5, null))
  await storage.applyRelease(draft(1, 'sha256:5', { publisher: 'studio' }))
  for (const n of [4, 5]) {
    await expect(storage.applyRelease(draft(n, 'sha256:1'))).rejects.toMatchObject({ code: 'release_stale' })
  }
  await storage.applyRelease(draft(4, 'sha256:1', { forced: true }))
  expect(await storage.sequences()).toEqual([
    { publisher: 'command', last: 5 },
    { publisher: 'studio', last: 1 },
  ])
  expect((await actions(storage)).at(-1)).toBe('release.forced 3')
})

test('the name of a runtime is given once', async () => {
  const storage = await opened()
  expect(await storage.runtimeId('a', 1)).toBe('a')
  expect(await storage.runtimeId('b', 2)).toBe('a')
})

test('a thousand releases are kept, and the last sequences for good', async () => {
  const storage = await opened()
  await storage.applyRelease(draft(1, null, { publisher: 'once' }))
  for (let n = 2; n <= 1_003; n++) await storage.applyRelease(draft(n, `sha256:${n - 1}`))
  expect(await storage.release(3)).toBeNull()
  expect(await storage.release(4)).not.toBeNull()
  expect((await storage.sequences()).map(({ publisher }) => publisher)).toEqual(['command', 'once'])
})
