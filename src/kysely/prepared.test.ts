import {
  type CompiledQuery,
  Kysely,
  PostgresAdapter,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { expect, test } from 'vitest'
import { prepared, preparedWrite } from './prepared.ts'

interface Tables {
  task: { id: string; state: string; ended_at: number | null }
}

test('a prepared query is built and compiled once, and gets its arguments where they belong', async () => {
  const { db, ran } = database()
  let built = 0
  const end = preparedWrite<{ id: string; at: number | null }>((slot) => {
    built++
    return db
      .updateTable('task')
      .set({ ended_at: slot('at'), state: 'done' })
      .where('id', '=', slot('id'))
  })
  await end(db, { id: 'a', at: 1 })
  await end(db, { at: null, id: 'b' })
  expect(built).toBe(1)
  expect(ran.map(({ sql }) => sql)).toEqual(
    Array(2).fill('update "task" set "ended_at" = ?, "state" = ? where "id" = ?'),
  )
  expect(ran.map(({ parameters }) => parameters)).toEqual([
    [1, 'done', 'a'],
    [null, 'done', 'b'],
  ])
})

test('an argument may go to several places', async () => {
  const { db, ran } = database()
  const find = prepared<{ text: string }, { id: string }>((slot) =>
    db
      .selectFrom('task')
      .select('id')
      .where((e) => e.or([e('id', '=', slot('text')), e('state', '=', slot('text'))])),
  )
  await find(db, { text: 'a' })
  expect(ran[0]?.parameters).toEqual(['a', 'a'])
})

test('nothing is built before the first call', () => {
  prepared(() => {
    throw new Error('built')
  })
})

test('the rows are what the query gives', async () => {
  const { db } = database([{ id: 'a' }])
  const find = prepared<{ id: string }, { id: string }>((slot) =>
    db.selectFrom('task').select('id').where('id', '=', slot('id')),
  )
  expect(await find(db, { id: 'a' })).toEqual([{ id: 'a' }])
})

test('a write tells how many rows it wrote', async () => {
  const { db } = database([], 'sqlite', 2n)
  const remove = preparedWrite<{ id: string }>((slot) => db.deleteFrom('task').where('id', '=', slot('id')))
  expect(await remove(db, { id: 'a' })).toBe(2)
})

test('a missing argument, or one that is undefined, is refused', () => {
  const { db, ran } = database()
  const remove = preparedWrite<{ id: string }>((slot) => db.deleteFrom('task').where('id', '=', slot('id')))
  const refused = { code: 'internal', message: expect.stringContaining('has no argument "id": delete from "task"') }
  expect(() => remove(db, {} as { id: string })).toThrow(expect.objectContaining(refused))
  // A value from outside TypeScript's sight.
  expect(() => remove(db, { id: undefined } as unknown as { id: string })).toThrow(expect.objectContaining(refused))
  expect(ran).toEqual([])
})

test('an unknown argument is refused', () => {
  const { db, ran } = database()
  const remove = preparedWrite<{ id: string }>((slot) => db.deleteFrom('task').where('id', '=', slot('id')))
  const filter = { id: 'a', state: 'done', at: 1 }
  const message = expect.stringContaining('does not know the arguments "state", "at": delete from "task"')
  expect(() => remove(db, filter)).toThrow(expect.objectContaining({ code: 'internal', message }))
  expect(ran).toEqual([])
})

test('the same query serves Postgres, from a storage of its own', async () => {
  const { db, ran } = database([], 'postgres')
  const find = prepared<{ id: string }, { id: string }>((slot) =>
    db.selectFrom('task').select('id').where('id', '=', slot('id')),
  )
  await find(db, { id: 'a' })
  expect(ran[0]).toMatchObject({ sql: 'select "id" from "task" where "id" = $1', parameters: ['a'] })
})

/** Compiles for a database, and answers every query with the same rows. */
function database(rows: unknown[] = [], kind: 'sqlite' | 'postgres' = 'sqlite', numAffectedRows = 0n) {
  const ran: CompiledQuery[] = []
  const connection = {
    async executeQuery<Row>(query: CompiledQuery) {
      ran.push(query)
      return { rows: rows as Row[], numAffectedRows }
    },
    async *streamQuery() {},
  }
  const db = new Kysely<Tables>({
    dialect: {
      createAdapter: () => (kind === 'sqlite' ? new SqliteAdapter() : new PostgresAdapter()),
      createQueryCompiler: () => (kind === 'sqlite' ? new SqliteQueryCompiler() : new PostgresQueryCompiler()),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createDriver: () => ({
        async init() {},
        acquireConnection: async () => connection,
        async beginTransaction() {},
        async commitTransaction() {},
        async rollbackTransaction() {},
        async releaseConnection() {},
        async destroy() {},
      }),
    },
  })
  return { db, ran }
}
