import { setTimeout as sleep } from 'node:timers/promises'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { createAsyncv } from './asyncv.ts'
import { sqlite } from './sqlite/index.ts'

test('a disk that takes nothing is not ready, until it takes something again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-ready-'))
  const file = join(folder, 'asyncv.db')
  const asyncv = createAsyncv({ storage: sqlite(file), agents: [{ name: 'helper', model: 'offline/demo' }] })
  await asyncv.start()
  const beside = new Database(file)
  onTestFinished(async () => {
    beside.close()
    await asyncv.stop({ drainMs: 0 })
    rmSync(folder, { recursive: true, force: true })
  })
  const storage = async () => {
    const { ready, checks } = await asyncv.ready()
    return { ready, ...checks.find(({ name }) => name === 'storage') }
  }
  expect(await storage()).toMatchObject({ ready: true, ok: true })
  // As a full disk does: the whole transaction is gone.
  const full = `begin select raise(rollback, 'database or disk is full'); end`
  beside.exec(`
    create trigger full_message before insert on message ${full};
    create trigger full_head before update on audit_head ${full};
  `)
  await expect(asyncv.accept({ agent: 'helper', text: 'hi' })).rejects.toThrow()
  expect(await storage()).toMatchObject({ ready: false, ok: false, detail: expect.stringContaining('full') })
  await sleep(50)
  beside.exec('drop trigger full_message; drop trigger full_head')
  expect(await storage()).toMatchObject({ ready: true, ok: true })
})
