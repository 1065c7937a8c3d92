/** One numbered change of a schema. Its statements are never edited once released: a database remembers their checksum. */
export interface Migration {
  readonly version: number
  readonly name: string
  readonly up: { readonly sqlite: readonly string[] }
  readonly down: { readonly sqlite: readonly string[] }
}

/** The migrations of one database, in order from version 1, without gaps. */
export interface MigrationSet {
  readonly name: string
  readonly migrations: readonly Migration[]
  /** Statements that put a few rows into every table of the latest version; what `check` tries the way down on. */
  readonly sampleData: { readonly sqlite: readonly string[] }
}

export function latestVersion(set: MigrationSet): number {
  return set.migrations.length
}
