import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { describeWithEachDriver, openTestDatabase } from './shared-commit.fixture.ts'

describeWithEachDriver('a value of a statement', (driver) => {
  test('is stored as 1 or 0 when it is a boolean', async () => {
    const { db } = await openTestDatabase({ driver })
    await db
      .insertInto('item')
      .values([
        { id: 1, body: true },
        { id: 2, body: false },
      ])
      .execute()
    const bodies = await db.selectFrom('item').select('body').orderBy('id').execute()
    expect(bodies).toEqual([{ body: 1 }, { body: 0 }])
  })

  test('may be null, a number, a bigint, a string or bytes', async () => {
    const { db } = await openTestDatabase({ driver })
    const { rows } = await sql`select ${null} a, ${1.5} b, ${5n} c, ${'x'} d, ${new Uint8Array([1, 2])} e`.execute(db)
    expect(rows).toMatchObject([{ a: null, b: 1.5, c: 5, d: 'x', e: { 0: 1, 1: 2 } }])
  })

  test.each([
    ['undefined', undefined, 'Pass null for what is not there.'],
    ['Date', new Date(0), 'Pass ms since the epoch.'],
    ['Array', ['a'], 'write everything else as JSON'],
    ['Object', { id: 1 }, 'write everything else as JSON'],
    ['symbol', Symbol('a'), 'write everything else as JSON'],
  ])('is refused when it is of type %s', async (type, value, wayOut) => {
    const { db, stored } = await openTestDatabase({ driver })
    const refused = sql`insert into item values (1, ${value})`.execute(db)
    await expect(refused).rejects.toMatchObject({
      code: 'internal',
      message: `Parameter 1 of a statement is of type ${type}.`,
      hint: expect.stringContaining(wayOut),
    })
    expect(stored()).toEqual([])
  })
})

describeWithEachDriver('the result of a statement', (driver) => {
  test('has the rows of a query, also of one that writes', async () => {
    const { db } = await openTestDatabase({ driver })
    const inserted = await db.insertInto('item').values({ id: 7, body: 'a' }).returningAll().execute()
    expect(inserted).toEqual([{ id: 7, body: 'a' }])
  })

  test('has the number of changed rows and the last id', async () => {
    const { db } = await openTestDatabase({ driver })
    const inserted = await db
      .insertInto('item')
      .values([
        { id: 7, body: 'a' },
        { id: 8, body: 'a' },
      ])
      .execute()
    expect(inserted).toMatchObject([{ insertId: 8n, numInsertedOrUpdatedRows: 2n }])
    const [{ numUpdatedRows }] = (await db.updateTable('item').set({ body: 'b' }).execute()) as [
      { numUpdatedRows: bigint },
    ]
    expect(numUpdatedRows).toBe(2n)
  })
})
