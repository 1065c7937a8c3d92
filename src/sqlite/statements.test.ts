import { openSqlite } from '@asyncv/migrations'
import { CompiledQuery } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { upTo } from './shared-commit.fixture.ts'
import { Statements } from './statements.ts'

test('a statement is prepared once', async () => {
  const { statements, prepared } = await open()
  statements.run(CompiledQuery.raw('select ? as a', [1]))
  expect(statements.run(CompiledQuery.raw('select ? as a', [2]))).toEqual({ rows: [{ a: 2 }] })
  expect(prepared).toEqual(['select ? as a'])
})

test('500 statements are kept; the oldest goes first', async () => {
  const { statements, prepared } = await open()
  const run = (n: number) => statements.run(CompiledQuery.raw(`select ${n} as a`))
  upTo(501).forEach(run)
  prepared.length = 0
  run(2)
  run(501)
  expect(prepared).toEqual([])
  run(1)
  expect(prepared).toEqual(['select 1 as a'])
})

async function open() {
  const connection = await openSqlite(':memory:')
  onTestFinished(() => connection.close())
  const prepared: string[] = []
  const prepare = (sql: string) => {
    prepared.push(sql)
    return connection.prepare(sql)
  }
  return { statements: new Statements({ ...connection, prepare }), prepared }
}
