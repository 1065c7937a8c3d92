import { setImmediate as turnOfTheEventLoop } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { describeWithEachDriver, openTestDatabase, upTo } from './shared-commit.fixture.ts'

describeWithEachDriver('a shared commit', (driver) => {
  test('carries the transactions of one turn of the event loop', async () => {
    const { shared, stored, write } = await openTestDatabase({ driver })
    await Promise.all(upTo(10).map(write))
    expect(stored()).toEqual(upTo(10))
    expect({ commits: shared.commits, riders: shared.riders }).toEqual({ commits: 1, riders: 10 })
  })

  test('carries also what begins while others of the same turn are under way', async () => {
    const { shared, write } = await openTestDatabase({ driver })
    await Promise.all([write(1), Promise.resolve().then(() => write(2))])
    expect(shared.commits).toBe(1)
  })

  test('is on disk before its transactions resolve', async () => {
    const seen: string[] = []
    const { stored, write } = await openTestDatabase({
      driver,
      hook: (point) => seen.push(`${point}: ${stored().length}`),
    })
    await write(1).then(() => seen.push('resolved'))
    expect(seen).toEqual(['flush.begin: 0', 'flush.before-commit: 0', 'flush.after-commit: 1', 'resolved'])
  })

  test('leaves the event loop its turns however busy the callers are', async () => {
    const { write } = await openTestDatabase({ driver })
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    // Each one begins in the microtask in which the one before has resolved.
    for (const id of upTo(200)) await write(id)
    clearInterval(timer)
    expect(turns).toBeGreaterThan(0)
  })

  test('of a lone transaction is made at the end of its turn', async () => {
    let turns = 0
    const soon = (fn: () => void) => {
      turns++
      systemClock.soon(fn)
    }
    const { write } = await openTestDatabase({ driver, clock: { ...systemClock, soon } })
    for (const id of upTo(3)) await write(id)
    expect(turns).toBe(3)
  })

  test('waits in a crowd for those who come a turn later', async () => {
    const { shared, write } = await openTestDatabase({ driver })
    await Promise.all(upTo(20).map(write))
    const first = write(21)
    // It begins after this was called, so its first turn ends after this one's.
    await turnOfTheEventLoop()
    await turnOfTheEventLoop()
    await Promise.all([first, write(22)])
    expect({ commits: shared.commits, riders: shared.riders }).toEqual({ commits: 2, riders: 22 })
  })

  test('carries at most 64, and the rest with the next one', async () => {
    const { shared, stored, write } = await openTestDatabase({ driver })
    const storedAtCommit: number[] = []
    await Promise.all(upTo(100).map((id) => write(id).then(() => storedAtCommit.push(stored().length))))
    expect(new Set(storedAtCommit)).toEqual(new Set([64, 100]))
    expect(shared.commits).toBe(2)
  })

  test('lets transactions run in the order of asking', async () => {
    const { db } = await openTestDatabase({ driver })
    const order: number[] = []
    await Promise.all(
      upTo(100).map((id) =>
        db.transaction().execute(async (trx) => {
          order.push(id)
          // The slower ones are not overtaken.
          for (const _ of upTo(id % 5)) await trx.selectFrom('item').select('id').execute()
        }),
      ),
    )
    expect(order).toEqual(upTo(100))
  })

  test('counts neither what rolled back nor a commit that carried nothing', async () => {
    const { db, shared } = await openTestDatabase({ driver })
    const left = db.transaction().execute(async (trx) => {
      await trx.insertInto('item').values({ id: 1, body: '' }).execute()
      throw new Error('changed my mind')
    })
    await expect(left).rejects.toThrow('changed my mind')
    await shared.close()
    expect({ commits: shared.commits, riders: shared.riders }).toEqual({ commits: 0, riders: 0 })
  })

  test('is also made for a write outside a transaction', async () => {
    const { db, shared, stored } = await openTestDatabase({ driver })
    await Promise.all(upTo(3).map((id) => db.insertInto('item').values({ id, body: '' }).execute()))
    expect(stored()).toEqual([1, 2, 3])
    expect(shared.commits).toBe(1)
  })

  test('waits for all that asked before when it is closed, and takes nothing after', async () => {
    const { shared, stored, write } = await openTestDatabase({ driver })
    const written = Promise.all(upTo(100).map(write))
    // A transaction asks a few microtasks after it is called.
    await new Promise<void>((resolve) => process.nextTick(resolve))
    await shared.close()
    expect(stored()).toEqual(upTo(100))
    await written
    await expect(write(101)).rejects.toMatchObject({ code: 'storage_failed', message: 'The database was closed.' })
  })
})
