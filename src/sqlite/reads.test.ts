import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { describeWithEachDriver, failing, openTestDatabase } from './shared-commit.fixture.ts'

describeWithEachDriver('a read outside a transaction', (driver) => {
  test('sees what is committed, and does not wait', async () => {
    const { db, shared, write } = await openTestDatabase({ driver })
    await write(1)
    let resolved = false
    const writing = write(2).then(() => (resolved = true))
    await new Promise<void>((resolve) => process.nextTick(resolve))
    expect(await db.selectFrom('item').select('id').execute()).toEqual([{ id: 1 }])
    expect(resolved).toBe(false)
    await writing
    expect(await db.selectFrom('item').select('id').execute()).toEqual([{ id: 1 }, { id: 2 }])
    expect(shared.commits).toBe(2)
  })

  test('inside somebody’s transaction sees only what is committed', async () => {
    const { db } = await openTestDatabase({ driver })
    await db.transaction().execute(async (trx) => {
      await trx.insertInto('item').values({ id: 1, body: '' }).execute()
      expect(await trx.selectFrom('item').select('id').execute()).toEqual([{ id: 1 }])
      expect(await db.selectFrom('item').select('id').execute()).toEqual([])
    })
  })

  test('in raw SQL is a transaction of its own', async () => {
    const { db, write } = await openTestDatabase({ driver })
    const [, { rows }] = await Promise.all([write(1), sql`select id from item`.execute(db)])
    expect(rows).toEqual([{ id: 1 }])
  })
})

describeWithEachDriver('with one connection, a read outside a transaction', (driver) => {
  test('resolves when what it saw is on disk', async () => {
    const { db, stored, write } = await openTestDatabase({ driver, connections: 'one' })
    const writing = write(1)
    const [rows, seen] = await db
      .selectFrom('item')
      .select('id')
      .execute()
      .then((rows) => [rows, stored()])
    expect(rows).toEqual([{ id: 1 }])
    expect(seen).toEqual([1])
    await writing
  })

  test('rejects when what it saw was not kept', async () => {
    const tamper = failing((sql) => {
      if (sql === 'commit') throw new Error('disk I/O error')
    })
    const { db, write } = await openTestDatabase({ driver, connections: 'one', tamper })
    const results = await Promise.allSettled([write(1), db.selectFrom('item').select('id').execute()])
    expect(results).toMatchObject([{ status: 'rejected' }, { status: 'rejected', reason: { code: 'storage_failed' } }])
  })

  test('inside somebody’s transaction has that one rolled back', async () => {
    const { db, stored } = await openTestDatabase({ driver, connections: 'one' })
    const outer = db.transaction().execute(async (trx) => {
      await trx.insertInto('item').values({ id: 1, body: '' }).execute()
      await db.selectFrom('item').select('id').execute()
    })
    await expect(outer).rejects.toThrow('A transaction may await only its own queries.')
    expect(stored()).toEqual([])
  })
})
