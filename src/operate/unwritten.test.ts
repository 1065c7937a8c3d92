import { setTimeout as sleep } from 'node:timers/promises'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { createAsyncv } from '../asyncv.ts'
import { sqlite } from '../sqlite/index.ts'
import { fakeConnector } from '../testing/fake-connector.ts'

/** A runtime whose audit log takes nothing while `refuses(true)`; the database itself says so. */
async function started() {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-unwritten-'))
  const file = join(folder, 'asyncv.db')
  const chat = fakeConnector()
  const asyncv = createAsyncv({
    storage: sqlite(file),
    connectors: { chat },
    agents: [{ name: 'helper', model: 'offline/demo' }],
  })
  await asyncv.start()
  const beside = new Database(file)
  onTestFinished(async () => {
    beside.close()
    await asyncv.stop({ drainMs: 0 })
    rmSync(folder, { recursive: true, force: true })
  })
  const refuses = async (on: boolean): Promise<void> => {
    // What the runtime has begun ends in a later turn of the event loop, which `exec` would hold up.
    await sleep(50)
    const says = `begin select raise(abort, 'database or disk is full'); end`
    beside.exec(on ? `create trigger full before insert on audit ${says}` : 'drop trigger full')
  }
  const deeds = async () => (await asyncv.audit.list({ order: 'oldest' })).data.map(({ action }) => action)
  const state = async () => (await asyncv.status()).connectors[0]?.state
  return { asyncv, refuses, deeds, state }
}

test('a drain that cannot be written down is not begun, and one that runs is not undone', async () => {
  const { asyncv, refuses, deeds } = await started()
  await refuses(true)
  await expect(asyncv.drain.begin()).rejects.toThrow()
  expect((await asyncv.drain.state()).state).toBe('off')
  expect((await asyncv.ready()).checks.map(({ name }) => name)).not.toContain('draining')
  await refuses(false)
  // Asked twice at once, it is one deed.
  await Promise.all([asyncv.drain.begin(), asyncv.drain.begin()])
  await refuses(true)
  await expect(asyncv.drain.undo()).rejects.toThrow()
  expect((await asyncv.drain.state()).state).not.toBe('off')
  await refuses(false)
  await asyncv.drain.undo()
  expect(await deeds()).toEqual(['drain.begun', 'drain.undone'])
})

test('a connector whose stop or start cannot be written down is as it was', async () => {
  const { asyncv, refuses, deeds, state } = await started()
  await refuses(true)
  await expect(asyncv.connectors.stop('chat')).rejects.toThrow()
  expect(await state()).toBe('connected')
  await refuses(false)
  await asyncv.connectors.stop('chat')
  await refuses(true)
  await expect(asyncv.connectors.start('chat')).rejects.toThrow()
  expect(await state()).toBe('stopped')
  await refuses(false)
  await asyncv.connectors.start('chat')
  expect(await state()).toBe('connected')
  expect(await deeds()).toEqual(['connector.stopped', 'connector.started'])
})
