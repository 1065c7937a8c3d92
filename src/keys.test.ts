import { expect, onTestFinished, test } from 'vitest'
import { createAsyncv } from './asyncv.ts'
import { systemClock } from './clock.ts'
import { everySpace } from './key.ts'
import { openKeys } from './open-keys.ts'
import { sqlite } from './sqlite/index.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

async function open() {
  const time = { now: 1_000_000 }
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    clock: { ...systemClock, now: () => time.now },
    agents: [{ name: 'helper', model: 'offline/demo' }],
  })
  await asyncv.start()
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  return { time, keys: asyncv.keys }
}

test('a key is found by the whole of it, and by nothing less', async () => {
  const { keys } = await open()
  expect(await keys.exist()).toBe(false)
  const { key, ...made } = await keys.create({ name: 'reports', space: 'sales', agents: ['helper'] })
  expect(key).toMatch(/^avk_[0-9a-f]{20}_[\w-]{43}$/)
  expect(made).toMatchObject({ scopes: ['invoke', 'read'], space: 'sales', agents: ['helper'], expiresAt: null })
  expect(await keys.find(key)).toEqual(made)
  expect(await keys.exist()).toBe(true)
  const other = await keys.create({ name: 'other' })
  const [, , secret] = key.split('_')
  for (const wrong of ['', 'avk_', key.slice(0, -1), `${key}x`, `avk_${other.id}_${secret}`, key.toUpperCase()]) {
    expect(await keys.find(wrong), wrong).toBeNull()
  }
})

test('a key can be for every space, and is told by its id', async () => {
  const { keys } = await open()
  const { key: _, ...made } = await keys.create({ name: 'studio', space: everySpace })
  expect(made.space).toBe('*')
  expect(await keys.get(made.id)).toEqual(made)
  await expect(keys.get('nobody')).rejects.toMatchObject({ code: 'key_unknown' })
})

test('nothing that is stored or listed can be used as a key', async () => {
  const { keys } = await open()
  const { key } = await keys.create({ name: 'reports' })
  const secret = key.slice(key.lastIndexOf('_') + 1)
  expect(JSON.stringify(await keys.list())).not.toContain(secret)
  expect(Object.keys((await keys.find(key)) ?? {})).not.toContain('hash')
})

test('a revoked key is refused at once, and one that is known to be good within half a second', async () => {
  const { time, keys } = await open()
  const { id, key } = await keys.create({ name: 'reports', expiresAt: 1_005_000 })
  expect(await keys.find(key)).not.toBeNull()
  time.now = 1_005_000
  expect([await keys.find(key), await keys.inForce(id)]).toEqual([null, false])
  const second = await keys.create({ name: 'second' })
  expect(await keys.find(second.key)).not.toBeNull()
  await keys.revoke(second.id)
  expect(await keys.find(second.key)).toBeNull()
  await expect(keys.revoke('nobody')).rejects.toMatchObject({ code: 'key_unknown' })
})

test.each([
  ['name', { name: ' ' }],
  ['scopes', { name: 'a', scopes: ['admin'] }],
  ['scopes', { name: 'a', scopes: [] }],
  ['space', { name: 'a', space: 'a:b' }],
  ['space', { name: 'a', space: '**' }],
  ['agents', { name: 'a', agents: [] }],
  ['expiresAt', { name: 'a', expiresAt: 1.5 }],
])('refuses a wrong %s', async (field, input) => {
  const { keys } = await open()
  await expect(keys.create(input as never)).rejects.toMatchObject({
    code: 'input_invalid',
    message: expect.stringContaining(field),
  })
})

test('when a key was last used is known after a restart, and after another; keys can be made while nothing runs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const storage = sqlite(join(folder, 'keys.db'))
  const before = await openKeys(storage)
  const { key: later } = await before.create({ name: 'used later' })
  const { key } = await before.create({ name: 'reports' })
  await before.close()
  const asyncv = createAsyncv({ storage, agents: [{ name: 'helper', model: 'offline/demo' }] })
  await asyncv.start()
  await expect(openKeys(storage)).rejects.toMatchObject({ code: 'storage_in_use' })
  expect((await asyncv.keys.find(key))?.lastUsedAt).toBeNull()
  await asyncv.stop({ drainMs: 0 })
  await asyncv.start()
  await asyncv.keys.find(later)
  await asyncv.stop({ drainMs: 0 })
  const after = await openKeys(storage)
  const { data } = await after.list()
  expect(data.map(({ lastUsedAt }) => (lastUsedAt ?? 0) > 0)).toEqual([true, true])
  await after.close()
})

test('a key that is used while the runtime stops, or after, leaves no timer behind', async () => {
  const timers = new Set<symbol>()
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    clock: {
      ...systemClock,
      after(ms, fn) {
        const cancel = systemClock.after(ms, fn)
        if (ms < 60_000) return cancel
        const timer = Symbol()
        timers.add(timer)
        return () => {
          timers.delete(timer)
          cancel()
        }
      },
    },
    agents: [{ name: 'helper', model: 'offline/demo' }],
  })
  await asyncv.start()
  const { keys } = asyncv
  const { key } = await keys.create({ name: 'reports' })
  const others = timers.size
  expect(await keys.find(key)).not.toBeNull()
  expect(timers.size).toBe(others + 1)
  let stopped = false
  const stopping = asyncv.stop({ drainMs: 0 }).then(() => {
    stopped = true
  })
  while (!stopped) {
    await Promise.allSettled([keys.find(key), keys.exist()])
    await new Promise(setImmediate)
  }
  await stopping
  await expect(keys.find(key)).rejects.toMatchObject({ code: 'not_running' })
  await expect(keys.exist()).rejects.toMatchObject({ code: 'not_running' })
  expect(timers.size).toBe(0)
  await asyncv.start()
  await keys.find((await keys.create({ name: 'after' })).key)
  await asyncv.stop({ drainMs: 0 })
  expect(timers.size).toBe(0)
})

test('whoever looks at the keys of a storage leaves no timer behind either', async () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  const keys = await openKeys(sqlite(':memory:'))
  await keys.find((await keys.create({ name: 'reports' })).key)
  await keys.close()
  // The test runner's own come and go.
  expect(timers()).toBeLessThanOrEqual(before)
})
