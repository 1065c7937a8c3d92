import type { SqliteConnection, SqliteStatement } from '@asyncv/migrations'
import type { CompiledQuery, QueryResult } from 'kysely'
import { statementFailed } from './failure.ts'
import { toSqlite } from './parameters.ts'

/** Far more different statements than the message path has; plain Kysely with lists of varying length adds others. */
const kept = 500

/** The statements of one connection, prepared once each and kept by their text; past the limit the oldest goes. */
export class Statements {
  readonly #connection: SqliteConnection
  readonly #statements = new Map<string, SqliteStatement>()

  constructor(connection: SqliteConnection) {
    this.#connection = connection
  }

  run<Row>(query: CompiledQuery): QueryResult<Row> {
    try {
      return this.#run(query)
    } catch (error) {
      throw statementFailed(error)
    }
  }

  #run<Row>(query: CompiledQuery): QueryResult<Row> {
    const statement = this.#prepare(query.sql)
    const parameters = toSqlite(query.parameters)
    // Kysely's types say what the rows of its query are.
    if (statement.reader) return { rows: statement.all(parameters) as Row[] }
    const { changes, lastInsertRowid } = statement.run(parameters)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  #prepare(sql: string): SqliteStatement {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.#connection.prepare(sql)
    if (this.#statements.size >= kept) {
      const [oldest] = this.#statements.keys()
      if (oldest !== undefined) this.#statements.delete(oldest)
    }
    this.#statements.set(sql, statement)
    return statement
  }
}
