import { setTimeout as sleep, setImmediate as turnOfTheEventLoop } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { describeThroughEachDoor, openTestDatabase, upTo } from './shared-commit.fixture.ts'

const foreignAwait = { code: 'internal', message: 'A transaction may await only its own queries.' }
const tooLate = { code: 'internal', message: 'A query came after its transaction had ended.' }
const canOnlyRollBack = {
  code: 'internal',
  message: 'A statement of this transaction failed; it can only roll back.',
}

describeThroughEachDoor('a transaction that awaits something else', (through) => {
  test('is rolled back at the end of the turn, and the others commit without waiting for it', async () => {
    const { db, stored, write } = await openTestDatabase(through)
    let waited = false
    const waiting = db.transaction().execute(async (trx) => {
      await trx.insertInto('item').values({ id: 1, body: '' }).execute()
      await sleep(200).then(() => (waited = true))
    })
    const refused = expect(waiting).rejects.toMatchObject(foreignAwait)
    await Promise.all([write(2), write(3)])
    expect({ waited, stored: stored() }).toEqual({ waited: false, stored: [2, 3] })
    await refused
    expect(stored()).toEqual([2, 3])
  })

  test('is not waited for in a crowd either', async () => {
    const { db, write } = await openTestDatabase(through)
    await Promise.all(upTo(20).map(write))
    let turns = 0
    const waiting = db.transaction().execute(async (trx) => {
      await trx.insertInto('item').values({ id: 21, body: '' }).execute()
      for (; turns < 10; turns++) await turnOfTheEventLoop()
    })
    await Promise.all([expect(waiting).rejects.toMatchObject(foreignAwait), write(22).then(() => (turns += 100))])
    expect(turns).toBeLessThan(100 + 3)
  })

  test('is told so by its next query', async () => {
    const { db } = await openTestDatabase(through)
    const heard = db.transaction().execute(async (trx) => {
      await sleep(5)
      return trx.selectFrom('item').selectAll().execute().catch(Promise.reject.bind(Promise))
    })
    await expect(heard).rejects.toMatchObject(foreignAwait)
  })

  test('loses its place also when it has failed before', async () => {
    const { db, write } = await openTestDatabase(through)
    const broken = db.transaction().execute(async (trx) => {
      await sql`no sql`.execute(trx).catch(() => {})
      await sleep(200)
    })
    const refused = expect(broken).rejects.toMatchObject(foreignAwait)
    const startedAt = performance.now()
    await write(1)
    expect(performance.now() - startedAt).toBeLessThan(150)
    await refused
  })
})

describeThroughEachDoor('a transaction inside another', (through) => {
  test('is refused when it is asked of the outer one', async () => {
    const { db } = await openTestDatabase(through)
    const outer = db.transaction().execute(async (trx) => trx.transaction().execute(async () => {}))
    await expect(outer).rejects.toThrow('not supported')
  })

  test('commits, and the outer one that waits for it is rolled back', async () => {
    const { db, stored, write } = await openTestDatabase(through)
    const outer = db.transaction().execute(async (trx) => {
      await trx.insertInto('item').values({ id: 1, body: '' }).execute()
      await write(2)
    })
    await expect(outer).rejects.toMatchObject(foreignAwait)
    expect(stored()).toEqual([2])
  })

  test('commits also when it is a single write', async () => {
    const { db, stored } = await openTestDatabase(through)
    const outer = db.transaction().execute(async (trx) => {
      await trx.insertInto('item').values({ id: 1, body: '' }).execute()
      await db.insertInto('item').values({ id: 2, body: '' }).execute()
    })
    await expect(outer).rejects.toMatchObject(foreignAwait)
    expect(stored()).toEqual([2])
  })
})

describeThroughEachDoor('a savepoint', (through) => {
  test('is rolled back by itself', async () => {
    const { db, stored } = await openTestDatabase(through)
    const trx = await db.startTransaction().execute()
    await trx.insertInto('item').values({ id: 1, body: '' }).execute()
    const inner = await trx.savepoint('after 1').execute()
    await inner.insertInto('item').values({ id: 2, body: '' }).execute()
    await inner.rollbackToSavepoint('after 1').execute()
    await inner.insertInto('item').values({ id: 3, body: '' }).execute()
    await inner.releaseSavepoint('after 1').execute()
    await trx.commit().execute()
    expect(stored()).toEqual([1, 3])
  })

  test('may have any name, that of the driver’s own and one with quotes included', async () => {
    const { db, stored, write } = await openTestDatabase(through)
    for (const name of ['bus', 'a "quoted" name; drop table item']) {
      const trx = await db.startTransaction().execute()
      await trx.insertInto('item').values({ id: 1, body: '' }).execute()
      await trx.savepoint(name).execute()
      await trx.insertInto('item').values({ id: 2, body: '' }).execute()
      await trx.rollback().execute()
    }
    await write(3)
    expect(stored()).toEqual([3])
  })

  test('is taken again with its transaction when another one leaves', async () => {
    const { db, stored } = await openTestDatabase(through)
    const trx = await db.startTransaction().execute()
    await trx.insertInto('item').values({ id: 1, body: '' }).execute()
    const inner = await trx.savepoint('after 1').execute()
    await inner.insertInto('item').values({ id: 2, body: '' }).execute()
    await inner.rollbackToSavepoint('after 1').execute()
    const leaves = db.transaction().execute(async (other) => {
      await other.insertInto('item').values({ id: 3, body: '' }).execute()
      throw new Error('changed my mind')
    })
    await Promise.all([trx.commit().execute(), expect(leaves).rejects.toThrow('changed my mind')])
    expect(stored()).toEqual([1])
  })

  test('makes a transaction usable again after an error inside it', async () => {
    const { db, stored } = await openTestDatabase(through)
    const trx = await db.startTransaction().execute()
    await trx.insertInto('item').values({ id: 1, body: '' }).execute()
    const inner = await trx.savepoint('before the error').execute()
    await expect(inner.insertInto('item').values({ id: 1, body: '' }).execute()).rejects.toThrow('UNIQUE')
    await expect(inner.insertInto('item').values({ id: 2, body: '' }).execute()).rejects.toMatchObject(canOnlyRollBack)
    await inner.rollbackToSavepoint('before the error').execute()
    await inner.insertInto('item').values({ id: 3, body: '' }).execute()
    await trx.commit().execute()
    expect(stored()).toEqual([1, 3])
  })
})

describeThroughEachDoor('a query that nobody awaits', (through) => {
  test('is refused when its transaction has ended, whoever is in one then', async () => {
    const { db, stored } = await openTestDatabase(through)
    let late: Promise<unknown> | undefined
    const first = db.transaction().execute(async (trx) => {
      await trx.insertInto('item').values({ id: 1, body: '' }).execute()
      late = Promise.resolve()
        .then(() => manyMicrotasks())
        .then(() => trx.insertInto('item').values({ id: 2, body: '' }).execute())
      late.catch(() => {})
    })
    const second = db.transaction().execute(async (trx) => {
      for (const id of upTo(50)) await trx.insertInto('mark').values({ item: id }).execute()
      await trx.insertInto('item').values({ id: 3, body: '' }).execute()
      throw new Error('changed my mind')
    })
    await Promise.all([first, expect(second).rejects.toThrow('changed my mind')])
    await expect(late).rejects.toMatchObject(tooLate)
    expect(stored()).toEqual([1])
  })

  test('keeps nothing when another one of the same Promise.all fails', async () => {
    const { db, stored, write } = await openTestDatabase(through)
    await write(1)
    const all = db
      .transaction()
      .execute((trx) =>
        Promise.all([2, 1, 3, 4].map((id) => trx.insertInto('item').values({ id, body: '' }).execute())),
      )
    await expect(all).rejects.toThrow('UNIQUE')
    await write(5)
    expect(stored()).toEqual([1, 5])
  })
})

describeThroughEachDoor('an error inside a transaction', (through) => {
  test('cannot be swallowed: the transaction does not commit', async () => {
    const { db, stored, write } = await openTestDatabase(through)
    await write(1)
    const swallowing = db.transaction().execute(async (trx) => {
      await trx.insertInto('item').values({ id: 2, body: '' }).execute()
      await trx
        .insertInto('item')
        .values({ id: 1, body: '' })
        .execute()
        .catch(() => {})
    })
    await expect(swallowing).rejects.toMatchObject(canOnlyRollBack)
    expect(stored()).toEqual([1])
  })

  test('concerns no other transaction of the same commit', async () => {
    const { shared, stored, write } = await openTestDatabase(through)
    const results = await Promise.allSettled([write(1), write(1), write(2)])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(stored()).toEqual([1, 2])
    expect(shared.commits).toBe(1)
  })

  test('thrown by 100 of 300 after they wrote leaves exactly the other 200', async () => {
    const { db, stored } = await openTestDatabase(through)
    const ids = upTo(300)
    const results = await Promise.allSettled(
      ids.map((id) =>
        db.transaction().execute(async (trx) => {
          await trx.insertInto('item').values({ id, body: '' }).execute()
          if (id % 3 === 0) throw new Error('changed my mind')
          await trx.insertInto('mark').values({ item: id }).execute()
        }),
      ),
    )
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(100)
    expect(stored()).toEqual(ids.filter((id) => id % 3 !== 0))
  })

  test('leaves the rows of those before as they were, read and numbered as the first time', async () => {
    const { db, stored, writer } = await openTestDatabase(through)
    writer.exec('create table numbered (n integer primary key, item integer)')
    const add = (item: number, leave = false) =>
      db.transaction().execute(async (trx) => {
        const { rows } = await sql<{ n: number }>`insert into numbered (item) values (${item}) returning n`.execute(trx)
        await trx
          .updateTable('item')
          .set({ body: `${item}` })
          .execute()
        await trx.insertInto('item').values({ id: item, body: '' }).execute()
        if (leave) throw new Error('changed my mind')
        return rows[0]?.n
      })
    const results = await Promise.allSettled([add(7), add(8), add(9, true), add(10), add(11, true), add(12)])
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : null))).toEqual([
      1,
      2,
      null,
      3,
      null,
      4,
    ])
    const all = (sql: string) => writer.prepare(sql).all([])
    expect(all('select n, item from numbered').map(({ n, item }) => `${n}: ${item}`)).toEqual([
      '1: 7',
      '2: 8',
      '3: 10',
      '4: 12',
    ])
    expect(all('select body from item order by id').map(({ body }) => body)).toEqual(['12', '12', '12', ''])
    expect(stored()).toEqual([7, 8, 10, 12])
  })

  test('in a write of its own does not even delay the next one', async () => {
    const points: string[] = []
    const { db, stored } = await openTestDatabase({ ...through, hook: (point) => points.push(point) })
    const insert = (id: number) => db.insertInto('item').values({ id, body: '' }).execute()
    await insert(1)
    points.length = 0
    await Promise.all([expect(insert(1)).rejects.toThrow('UNIQUE'), insert(2)])
    expect(stored()).toEqual([1, 2])
    expect(points).toEqual(['flush.begin', 'flush.before-commit', 'flush.after-commit'])
  })
})

/** Long enough for a transaction to end meanwhile, too short for the event loop to go round. */
async function manyMicrotasks(): Promise<void> {
  for (const _ of upTo(100)) await null
}
