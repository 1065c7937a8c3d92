import { migrate, openSqlite, runtimeSet } from '@asyncv/migrations'
import type { CompiledQuery, Dialect, Driver } from 'kysely'
import { expect, test } from 'vitest'
import type { KyselyBackend } from '../backend.ts'
import { systemClock } from '../clock.ts'
import { silentLogger } from '../logger.ts'
import { sqlite } from '../sqlite/index.ts'
import { storageContract } from '../testing/storage-contract.ts'
import { openStorage } from './storage.ts'

/** Asked for by people, not by messages: these read a table whole, or walk it by its key up to their limit. */
const mayScan = [
  / order by ("\w+"\.)?"id" (desc|asc) limit \?( offset \?)?$/,
  /^select "state", count\(\*\) as "count", sum\("uncertain_count"\)/,
  /^select .* from "audit" order by "n"( desc| asc)? limit \?$/,
  // The first row will do.
  /^select "id" from "api_key" limit/,
  // Read once at each start; a thousand at most.
  /^select \* from "secret" order by "name"$/,
  // In pieces, the last of which may be all there is.
  /^select "scope", "key", "at" from "dedupe" where "message_id"/,
  // What is forgotten is looked for from the oldest on, a few hundred rows at a time.
  /^select "(seq" as "id|id)", "created_at" as "at"(, .*)? from "\w+" order by "(seq|id)" limit \?$/,
  /^select "scope", "key", "at" from "dedupe" order by "scope", "key" limit \?$/,
  /^select "scope", "key" from "dedupe" order by "scope", "key" limit/,
]

test('no verb reads a whole table, but for counts and traces', async () => {
  const statements = new Set<string>()
  const backend = recording(sqlite(':memory:'), statements)
  for (const { run } of storageContract(async () => {
    const storage = await openStorage(backend, {
      clock: systemClock,
      logger: silentLogger,
      hook: null,
      keepEvents: true,
    })
    return { storage, afterDeath: async () => storage }
  })) {
    await run()
  }
  const database = await openSqlite(':memory:')
  migrate(database, runtimeSet)
  const scanning = [...statements].filter((sql) => {
    const holes = Array<null>(sql.split('?').length - 1).fill(null)
    const plan = database.prepare(`explain query plan ${sql}`).all(holes)
    // A walk along an index has "USING" in it: that is how lists are read, up to their limit.
    return plan.some(({ detail }) => /^SCAN (?!CONSTANT)(?!.* USING )/.test(String(detail)))
  })
  database.close()
  expect(statements.size).toBeGreaterThan(50)
  expect(scanning.filter((sql) => !mayScan.some((known) => known.test(sql)))).toEqual([])
})

/** The same backend, with the text of every statement noted. */
function recording(backend: KyselyBackend, statements: Set<string>): KyselyBackend {
  return {
    async open(options) {
      const opened = await backend.open(options)
      const dialect: Dialect = Object.create(opened.dialect, {
        createDriver: { value: () => recordingDriver(opened.dialect.createDriver(), statements) },
      })
      const transaction: typeof opened.transaction = (work) =>
        opened.transaction((transaction) => work(noting(transaction, statements)))
      return { ...opened, dialect, transaction, committed: noting(opened.committed, statements) }
    },
  }
}

function recordingDriver(driver: Driver, statements: Set<string>): Driver {
  const acquire = driver.acquireConnection.bind(driver)
  return Object.assign(driver, { acquireConnection: async () => noting(await acquire(), statements) })
}

function noting<Target extends { executeQuery(query: CompiledQuery): unknown }>(
  target: Target,
  statements: Set<string>,
): Target {
  const execute = target.executeQuery.bind(target)
  return Object.assign(target, {
    executeQuery(query: CompiledQuery) {
      statements.add(query.sql)
      return execute(query)
    },
  })
}
