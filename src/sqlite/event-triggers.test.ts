import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '@asyncv/migrations'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { openStorage } from '../kysely/storage.ts'
import { silentLogger } from '../logger.ts'
import type { Storage } from '../storage.ts'
import { accept, sceneOn } from '../testing/storage-contract/scene.ts'
import { sqlite } from './index.ts'

function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-triggers-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'asyncv.db')
  return {
    async during<Value>(keepEvents: boolean | undefined, what: (storage: Storage) => Promise<Value>): Promise<Value> {
      const options = { clock: systemClock, logger: silentLogger, hook: null }
      const storage = await openStorage(sqlite(file), keepEvents === undefined ? options : { ...options, keepEvents })
      try {
        return await what(storage)
      } finally {
        await storage.close()
      }
    },
    async change(sql: string): Promise<void> {
      const database = await openSqlite(file)
      database.exec(sql)
      database.close()
    },
  }
}

const acceptOne = async (storage: Storage): Promise<void> => {
  await accept(sceneOn({ storage, afterDeath: async () => storage }))
}

test('the triggers of an earlier version are replaced, and what they wrote stays', async () => {
  const { during, change } = scratch()
  await during(true, acceptOne)
  await change(`
    drop trigger event_of_message;
    create trigger event_of_message after insert on message begin
      insert into event (at, type) values (new.received_at, 'task.finished');
    end;
  `)
  await during(true, async (storage) => {
    await acceptOne(storage)
    const { first = 0, last = 0 } = (await storage.eventRange()) ?? {}
    const events = await storage.events({ after: first - 1, upTo: last, limit: 10 })
    expect(events.map(({ id, type }) => [id, type])).toEqual([
      [1, 'message.received'],
      [2, 'message.received'],
    ])
  })
})

test('where no events are kept any more, the old ones go; who only looks leaves them', async () => {
  const { during } = scratch()
  await during(true, acceptOne)
  expect(await during(undefined, (storage) => storage.eventRange())).toEqual({ first: 1, last: 1 })
  expect(await during(false, (storage) => storage.eventRange())).toBeNull()
})
