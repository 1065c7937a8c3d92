import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { openSqlite } from '@asyncv/migrations'
import { CompiledQuery } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { statementFailed } from './failure.ts'
import { temporaryFolder } from './shared-commit.fixture.ts'
import { Statements } from './statements.ts'

test('a damaged database fails as the storage, and what was refused can be offered again', async () => {
  const file = join(temporaryFolder(), 'a.db')
  const whole = await openSqlite(file)
  whole.exec('create table a (b text); insert into a values (1)')
  whole.close()
  const bytes = openSync(file, 'r+')
  writeSync(bytes, Buffer.alloc(4_096, 0xff), 0, 4_096, 4_096)
  closeSync(bytes)
  const connection = await openSqlite(file)
  onTestFinished(() => connection.close())
  const statements = new Statements(connection)
  expect(() => statements.run(CompiledQuery.raw('select b from a'))).toThrow(
    expect.objectContaining({
      code: 'storage_failed',
      message: expect.stringContaining('malformed'),
      hint: expect.stringContaining('backup'),
      retryable: true,
    }),
  )
})

test.each([
  ['better-sqlite3', { code: 'SQLITE_NOTADB' }],
  ['node:sqlite', { errcode: 26 }],
])('a file that is no database any more fails as the storage, over %s', (_, fields) => {
  const error = Object.assign(new Error('file is not a database'), fields)
  expect(statementFailed(error)).toMatchObject({ code: 'storage_failed', retryable: true })
})
