/**
 * `sqlite(file)`: the default storage. One process owns the file; every commit is synced to disk before it counts.
 *
 * ```ts
 * createAsyncv({ storage: sqlite('.asyncv/asyncv.db'), … })
 * ```
 */
export { type SqliteOptions, sqlite } from './sqlite.ts'
