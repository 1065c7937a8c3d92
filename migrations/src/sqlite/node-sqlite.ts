import type { SqliteConnection, SqliteRow } from './connection.ts'

/** The part of Node's own driver that is used here; it comes with Node 22.13 and later, whose types may not be installed. */
interface NodeSqlite {
  DatabaseSync: new (file: string, options: { readOnly: boolean; timeout: number }) => NodeDatabase
}
interface NodeDatabase {
  readonly isTransaction: boolean
  exec(sql: string): void
  prepare(sql: string): {
    all(...parameters: unknown[]): SqliteRow[]
    run(...parameters: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint }
    columns?(): unknown[]
  }
  close(): void
}

const yieldsRows = /^\s*(select|with|values|pragma|explain)\b|\breturning\b/i

const moduleName = 'node:sqlite'

export async function openNodeSqlite(
  file: string,
  options: { readonly: boolean; timeout: number },
): Promise<SqliteConnection> {
  const { DatabaseSync } = (await import(moduleName)) as NodeSqlite
  const database = new DatabaseSync(file, { readOnly: options.readonly, timeout: options.timeout })
  const version = String(database.prepare('select sqlite_version() as version').all()[0]?.['version'])
  return {
    driver: 'node:sqlite',
    version,
    file,
    readonly: options.readonly,
    get inTransaction() {
      return database.isTransaction
    },
    exec: (sql) => database.exec(sql),
    prepare(sql) {
      const statement = database.prepare(sql)
      return {
        // `columns` came with 22.16; before it the text has to tell.
        reader: statement.columns === undefined ? yieldsRows.test(sql) : statement.columns().length > 0,
        // Its rows have no prototype, unlike anybody else's.
        all: (parameters) => statement.all(...parameters).map((row) => ({ ...row })),
        run(parameters) {
          const { changes, lastInsertRowid } = statement.run(...parameters)
          return { changes: Number(changes), lastInsertRowid }
        },
      }
    },
    close: () => database.close(),
  }
}
