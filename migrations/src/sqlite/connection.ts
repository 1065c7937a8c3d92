/** One open SQLite database, whichever driver opened it. Synchronous, like both drivers. */
export interface SqliteConnection {
  readonly driver: SqliteDriverName
  /** The SQLite that the driver brings along, such as `3.53.2`. */
  readonly version: string
  readonly file: string
  readonly readonly: boolean
  /** False when SQLite has rolled a transaction back by itself. */
  readonly inTransaction: boolean
  exec(sql: string): void
  prepare(sql: string): SqliteStatement
  close(): void
}

export type SqliteDriverName = 'better-sqlite3' | 'node:sqlite'

export type SqliteRow = Record<string, unknown>

/** Takes null, numbers, bigints, strings and buffers; booleans and dates are for the caller to map. */
export interface SqliteStatement {
  /** It yields rows: use `all`, else `run`. */
  readonly reader: boolean
  all(parameters: readonly unknown[]): SqliteRow[]
  run(parameters: readonly unknown[]): { changes: number; lastInsertRowid: number | bigint }
}

/**
 * Whether several connections may write-ahead one file. Before 3.51.3, a checkpoint that races with a commit of another
 * connection can corrupt the file (sqlite.org/wal.html#walresetbug); with older ones use a single connection.
 */
export function allowsSeveralConnections(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  if (major !== 3) return major > 3
  return minor > 51 || (minor === 51 && patch >= 3)
}
