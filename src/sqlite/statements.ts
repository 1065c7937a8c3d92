import type { SqliteConnection, SqliteStatement } from '@asyncv/migrations'
import type { CompiledQuery, QueryResult } from 'kysely'

/** More different statements than the message path has by far; plain Kysely with lists of varying length adds others. */
const cached = 500

/** Statements of one connection, prepared once each and kept by their text, the longest unused one dropped first. */
export class Statements {
  readonly #connection: SqliteConnection
  readonly #statements = new Map<string, SqliteStatement>()

  constructor(connection: SqliteConnection) {
    this.#connection = connection
  }

  run<Row>(query: CompiledQuery): QueryResult<Row> {
    const statement = this.#prepare(query.sql)
    const parameters = toSqlite(query.parameters)
    if (statement.reader) return { rows: statement.all(parameters) as Row[] }
    const { changes, lastInsertRowid } = statement.run(parameters)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  #prepare(sql: string): SqliteStatement {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.#connection.prepare(sql)
    if (this.#statements.size >= cached) {
      const [oldest] = this.#statements.keys()
      if (oldest !== undefined) this.#statements.delete(oldest)
    }
    this.#statements.set(sql, statement)
    return statement
  }
}

/** SQLite has neither booleans nor dates; a missing value is a mistake of the query, not NULL. */
function toSqlite(parameters: readonly unknown[]): readonly unknown[] {
  for (let i = 0; i < parameters.length; i++) {
    const value = parameters[i]
    if (typeof value === 'boolean' || value === undefined || value instanceof Date) return parameters.map(mapped)
  }
  return parameters
}

function mapped(value: unknown, index: number): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value === undefined) throw new TypeError(`Parameter ${index + 1} of a statement is undefined; pass null.`)
  if (value instanceof Date)
    throw new TypeError(`Parameter ${index + 1} of a statement is a Date; pass ms since the epoch.`)
  return value
}
