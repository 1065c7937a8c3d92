import type { SqliteConnection, SqliteRow } from './connection.ts'

export async function openBetterSqlite3(
  file: string,
  options: { readonly: boolean; timeout: number },
): Promise<SqliteConnection> {
  const { default: Database } = await import('better-sqlite3')
  const database = new Database(file, options)
  const { version } = database.prepare('select sqlite_version() as version').get() as { version: string }
  return {
    driver: 'better-sqlite3',
    version,
    file,
    readonly: options.readonly,
    get inTransaction() {
      return database.inTransaction
    },
    exec: (sql) => void database.exec(sql),
    prepare(sql) {
      const statement = database.prepare(sql)
      return {
        reader: statement.reader,
        all: (parameters) => statement.all(...parameters) as SqliteRow[],
        run: (parameters) => statement.run(...parameters),
      }
    },
    close: () => void database.close(),
  }
}
