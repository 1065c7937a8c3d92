import { migrate } from './migrate.ts'
import { readSchema } from './schema.ts'
import { latestVersion, type MigrationSet } from './set.ts'
import { openSqlite } from './sqlite/open.ts'

export interface DownCheck {
  version: number
  name: string
  ok: boolean
  /** What is different after the way down, one line each: `-` is missing, `+` is left over. */
  differences: string[]
}

/**
 * Tries the way back: on a database in memory, filled with sample data, each migration is taken back and applied again,
 * from the latest to the first, and the schema before it must come back exactly.
 */
export async function checkDowns(set: MigrationSet): Promise<DownCheck[]> {
  const connection = await openSqlite(':memory:')
  try {
    const before = [readSchema(connection)]
    for (let version = 1; version <= latestVersion(set); version++) {
      migrate(connection, set, { to: version })
      before.push(readSchema(connection))
    }
    for (const statement of set.sampleData.sqlite) connection.exec(statement)
    return [...set.migrations].reverse().map(({ version, name }) => {
      migrate(connection, set, { to: version - 1 })
      const differences = compare(before[version - 1] ?? [], readSchema(connection))
      migrate(connection, set, { to: version })
      differences.push(...compare(before[version] ?? [], readSchema(connection)))
      migrate(connection, set, { to: version - 1 })
      return { version, name, ok: differences.length === 0, differences }
    })
  } finally {
    connection.close()
  }
}

function compare(expected: string[], found: string[]): string[] {
  return [
    ...expected.filter((sql) => !found.includes(sql)).map((sql) => `- ${sql}`),
    ...found.filter((sql) => !expected.includes(sql)).map((sql) => `+ ${sql}`),
  ]
}
