import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { describeWithEachDriver, failing, openTestDatabase, temporaryFolder, upTo } from './shared-commit.fixture.ts'

const storageFailed = { code: 'storage_failed', retryable: true }

describeWithEachDriver('a commit that fails', (driver) => {
  test('rejects all its transactions, keeps nothing, and leaves the next ones to work', async () => {
    let broken = true
    const tamper = failing((sql) => {
      if (broken && sql === 'commit') throw new Error('disk I/O error')
    })
    const { shared, stored, write, writer } = await openTestDatabase({ driver, tamper })
    const results = await Promise.allSettled(upTo(3).map(write))
    for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: storageFailed })
    expect(writer.inTransaction).toBe(false)
    expect({ stored: stored(), commits: shared.commits, riders: shared.riders }).toEqual({
      stored: [],
      commits: 0,
      riders: 0,
    })
    broken = false
    await write(4)
    expect(stored()).toEqual([4])
  })

  test('is rolled back before the next one when that did not work at once', async () => {
    let broken = true
    const tamper = failing((sql) => {
      if (broken && (sql === 'commit' || sql === 'rollback')) throw new Error('disk I/O error')
    })
    const { stored, write } = await openTestDatabase({ driver, tamper })
    await expect(write(1)).rejects.toMatchObject(storageFailed)
    broken = false
    await write(2)
    expect(stored()).toEqual([2])
  })

  // Why the schema has no deferred foreign keys.
  test('takes everybody along for one who broke a deferred foreign key', async () => {
    const { db, stored, write, writer } = await openTestDatabase({ driver })
    writer.exec('create table child (item integer references item deferrable initially deferred)')
    const orphan = sql`insert into child values (99)`.execute(db)
    const results = await Promise.allSettled([write(1), orphan, write(2)])
    for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: storageFailed })
    await write(3)
    expect(stored()).toEqual([3])
  })
})

describeWithEachDriver('a transaction that SQLite rolls back by itself', (driver) => {
  test('rejects all that share it at once, and those that come after board another', async () => {
    const points: string[] = []
    const { db, shared, stored, write, writer } = await openTestDatabase({
      driver,
      hook: (point) => points.push(point),
    })
    writer.exec('insert into item values (1, null)')
    const before = write(2)
    const culprit = db.transaction().execute(async (trx) => {
      await trx.insertInto('item').values({ id: 3, body: '' }).execute()
      await sql`insert or rollback into item values (1, null)`.execute(trx)
    })
    const after = write(4)
    const results = await Promise.allSettled([before, culprit, after])
    expect(results).toMatchObject([
      { status: 'rejected', reason: storageFailed },
      { status: 'rejected', reason: storageFailed },
      { status: 'fulfilled' },
    ])
    expect(stored()).toEqual([1, 4])
    expect({ commits: shared.commits, riders: shared.riders }).toEqual({ commits: 1, riders: 1 })
    expect(points).toEqual(['flush.begin', 'flush.before-commit', 'flush.after-commit'])
  })

  test('lets the next one in although the culprit has swallowed the error and goes on waiting', async () => {
    const { db, stored, write, writer } = await openTestDatabase({ driver })
    writer.exec('insert into item values (1, null)')
    const culprit = db.transaction().execute(async (trx) => {
      await sql`insert or rollback into item values (1, null)`.execute(trx).catch(() => {})
      await sleep(200)
      // Must not run outside a transaction, nor in somebody else's.
      await trx.insertInto('item').values({ id: 2, body: '' }).execute()
    })
    const refused = expect(culprit).rejects.toMatchObject(storageFailed)
    const startedAt = performance.now()
    await write(3)
    expect(performance.now() - startedAt).toBeLessThan(150)
    await refused
    expect(stored()).toEqual([1, 3])
  })

  test('is lost as a whole when one leaves it and the others’ statements fail the second time', async () => {
    let inserts = 0
    const tamper = failing((sql) => {
      // 1 and 2: an item and its mark, then the item of the one who leaves.
      if (sql.startsWith('insert') && ++inserts === 4) throw new Error('disk I/O error')
    })
    const { db, stored, write } = await openTestDatabase({ driver, tamper })
    const before = write(1)
    const leaves = db.transaction().execute(async (trx) => {
      await trx.insertInto('item').values({ id: 2, body: '' }).execute()
      throw new Error('changed my mind')
    })
    const results = await Promise.allSettled([before, leaves, write(3)])
    expect(results).toMatchObject([
      { status: 'rejected', reason: storageFailed },
      { status: 'rejected', reason: { message: 'changed my mind' } },
      { status: 'fulfilled' },
    ])
    expect(stored()).toEqual([3])
  })
})

describeWithEachDriver('a full database', (driver) => {
  test('rejects what does not fit and keeps nothing of it', async () => {
    const { db, stored, write, writer } = await openTestDatabase({ driver })
    await write(1)
    writer.exec('pragma max_page_count = 8')
    const big = (id: number) =>
      db.transaction().execute(async (trx) => {
        await trx
          .insertInto('item')
          .values({ id, body: 'x'.repeat(10_000) })
          .execute()
        await trx.insertInto('mark').values({ item: id }).execute()
      })
    const ids = [2, 3, 4, 5]
    const results = await Promise.allSettled(ids.map(big))
    const resolved = ids.filter((_, index) => results[index]?.status === 'fulfilled')
    expect(resolved.length).toBeLessThan(ids.length)
    expect(stored()).toEqual([1, ...resolved])
    writer.exec('pragma max_page_count = 10000')
    await big(6)
    expect(stored()).toEqual([1, ...resolved, 6])
  })
})

describeWithEachDriver('a full disk', (driver) => {
  const mountProblem = tryMount()

  test.skipIf(mountProblem !== null)(
    `rejects what is not on it and keeps what is${mountProblem === null ? '' : ` LEFT OUT: ${mountProblem}`}`,
    async () => {
      const folder = temporaryFolder()
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder])
      onTestFinished(() => void execFileSync('umount', ['--lazy', folder]))
      const { db, stored, writer } = await openTestDatabase({ driver, folder })
      const resolved: number[] = []
      const rejected: number[] = []
      for (let id = 1; rejected.length < 100; id += 10) {
        const ids = upTo(10).map((n) => id + n - 1)
        const writes = ids.map((id) =>
          db.transaction().execute(async (trx) => {
            await trx
              .insertInto('item')
              .values({ id, body: 'x'.repeat(5_000) })
              .execute()
            await trx.insertInto('mark').values({ item: id }).execute()
          }),
        )
        const results = await Promise.allSettled(writes)
        for (const [index, { status }] of results.entries()) {
          const ended = status === 'fulfilled' ? resolved : rejected
          ended.push(id + index)
        }
      }
      expect(resolved.length).toBeGreaterThan(50)
      expect(stored()).toEqual(resolved)
      expect(
        writer
          .prepare('select item from mark order by item')
          .all([])
          .map(({ item }) => item),
      ).toEqual(resolved)
      expect(writer.prepare('pragma integrity_check').all([])).toEqual([{ integrity_check: 'ok' }])
    },
  )
})

/** Why no small disk can be mounted here; null when one can. */
function tryMount(): string | null {
  try {
    execFileSync('mount', ['--fake', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'pipe' })
    if (process.getuid?.() !== 0) throw new Error('only root may mount')
    return null
  } catch (error) {
    console.warn(`A full disk LEFT OUT: ${(error as Error).message}`)
    return `no tmpfs can be mounted (${(error as Error).message.split('\n')[0]})`
  }
}
