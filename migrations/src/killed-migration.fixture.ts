/** For a test: migrates the file it is given, and kills itself right after statement n. The set comes over stdin. */
import { readFileSync } from 'node:fs'
import { migrate } from './migrate.ts'
import type { MigrationSet } from './set.ts'
import { openSqlite } from './sqlite/open.ts'

const [file = '', killAt = '0'] = process.argv.slice(2)
const set = JSON.parse(readFileSync(0, 'utf8')) as MigrationSet
const statements = set.migrations.flatMap(({ up }) => up.sqlite)
const connection = await openSqlite(file)
migrate(
  {
    ...connection,
    get inTransaction() {
      return connection.inTransaction
    },
    exec(sql) {
      connection.exec(sql)
      if (statements.indexOf(sql) === Number(killAt)) process.kill(process.pid, 'SIGKILL')
    },
  },
  set,
)
