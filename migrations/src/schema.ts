import type { SqliteConnection } from './sqlite/connection.ts'

/** Every table and index as its `create` statement, sorted and with white space folded, so that two can be compared. */
export function readSchema(connection: SqliteConnection): string[] {
  return (
    connection
      // What SQLite keeps for itself stays when the last table that needed it is gone.
      .prepare(
        `select sql from sqlite_master
       where sql is not null and name <> 'schema_version' and name not like 'sqlite_%' order by type, name`,
      )
      .all([])
      .map(({ sql }) => String(sql).replace(/\s+/g, ' '))
  )
}

export function readTables(connection: SqliteConnection): string[] {
  return connection
    .prepare(`select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name`)
    .all([])
    .map(({ name }) => String(name))
}
