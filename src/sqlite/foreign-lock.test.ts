import { setTimeout as sleep } from 'node:timers/promises'
import { openSqlite } from '@asyncv/migrations'
import { expect, onTestFinished, test } from 'vitest'
import { describeWithEachDriver, openTestDatabase, upTo } from './shared-commit.fixture.ts'

describeWithEachDriver('while another program writes', (driver) => {
  test('a transaction waits for it, and the event loop goes round', async () => {
    const { file, stored, write } = await openTestDatabase({ driver })
    const other = await openSqlite(file, { driver })
    onTestFinished(() => other.close())
    other.exec('begin immediate')
    let turns = 0
    const timer = setInterval(() => turns++, 5)
    const writing = write(1)
    await sleep(150)
    expect(stored()).toEqual([])
    other.exec('rollback')
    await writing
    clearInterval(timer)
    expect(stored()).toEqual([1])
    expect(turns).toBeGreaterThan(10)
  })

  test('a transaction gives up after two seconds, and so do those behind it, at the same time', async () => {
    let now = 0
    const clock = {
      now: () => now,
      soon: (fn: () => void) => void setImmediate(fn),
      sleep: async (ms: number) => {
        now += ms
        await new Promise((resolve) => setImmediate(resolve))
      },
    }
    const { file, stored, write } = await openTestDatabase({ driver, clock })
    const other = await openSqlite(file, { driver })
    onTestFinished(() => other.close())
    other.exec('begin immediate')
    const results = await Promise.allSettled(upTo(10).map(write))
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'storage_locked', retryable: true } })
    }
    // The last ones asked when the first one had waited once; one after the other it would be 20 s.
    expect(now).toBeLessThanOrEqual(2_000 + 20)
    other.exec('rollback')
    await write(11)
    expect(stored()).toEqual([11])
  })
})
