import type { Compilable, CompiledQuery, QueryResult } from 'kysely'

/** Marks the place of an argument while a query is built; Kysely takes it for a value and passes it through. */
class Slot {
  constructor(readonly name: string) {}
}

/** What a prepared query runs on: a `Kysely` or a `Transaction`. */
export interface Executor {
  executeQuery<Row>(query: CompiledQuery<Row>): Promise<QueryResult<Row>>
}

export type Prepared<Arguments extends object, Row> = (executor: Executor, args: Arguments) => Promise<Row[]>

/**
 * A query that is built and compiled once, on first use, and then only gets other parameters: building and compiling
 * costs Kysely more than everything else of a small statement. The shape is fixed: no list of varying length, no
 * optional `where`. It belongs to one storage instance, since it holds the SQL of one dialect.
 */
export function prepared<Arguments extends object, Row = never>(
  build: (slot: <Name extends keyof Arguments & string>(name: Name) => Arguments[Name]) => Compilable<Row>,
): Prepared<Arguments, Row> {
  let compiled: CompiledQuery<Row> | null = null
  let slots: (string | null)[] = []
  return async (executor, args) => {
    if (compiled === null) {
      // The slot stands in for a value of its argument's type; nothing looks at it before it is swapped.
      compiled = build((name) => new Slot(name) as never).compile()
      slots = compiled.parameters.map((value) => (value instanceof Slot ? value.name : null))
    }
    const { sql, query, queryId, parameters: constants } = compiled
    const parameters = new Array<unknown>(slots.length)
    for (let i = 0; i < slots.length; i++) {
      const name = slots[i]
      if (name === null || name === undefined) {
        parameters[i] = constants[i]
        continue
      }
      const value = (args as Record<string, unknown>)[name]
      // A forgotten argument must not become NULL.
      if (value === undefined) throw new Error(`The prepared query has no argument "${name}": ${sql}`)
      parameters[i] = value
    }
    const { rows } = await executor.executeQuery<Row>({ sql, query, queryId, parameters } as CompiledQuery<Row>)
    return rows
  }
}
