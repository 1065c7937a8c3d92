import { type Compilable, type CompiledQuery, type Expression, type QueryResult, sql } from 'kysely'
import type { Executor } from '../backend.ts'
import { AsyncvError } from '../errors.ts'

type Build<Arguments extends object, Row> = (
  slot: <Name extends keyof Arguments & string>(name: Name) => Arguments[Name],
) => Compilable<Row>

/**
 * A query that is built and compiled once, on first use, and then only gets other parameters: building and compiling
 * costs Kysely 12 us a query, the swap 0.5. The shape is fixed: no list of varying length, no optional `where`. It
 * belongs to one storage instance, since it holds the SQL of one dialect. A call with an argument that is missing,
 * undefined or unknown (at the first call) throws `internal`.
 */
export function prepared<Arguments extends object, Row>(
  build: Build<Arguments, Row>,
): (executor: Executor, args: Arguments) => Soon<Row[]> {
  const query = compiledOnce(build)
  return (executor, args) => {
    const result = executor.executeQuery(query(args))
    return result instanceof Promise ? result.then(rowsOf) : result.rows
  }
}

/** For `await`: a value that is there already costs no promise of its own. */
type Soon<Value> = Value | Promise<Value>

function rowsOf<Row>({ rows }: QueryResult<Row>): Row[] {
  return rows
}

/**
 * The same for a write of which nobody wants the rows back; gives how many it wrote. `returning` tells no more about one
 * row and costs SQLite a table in memory each time, a quarter of a small write.
 */
export function preparedWrite<Arguments extends object>(
  build: Build<Arguments, unknown>,
): (executor: Executor, args: Arguments) => Soon<number> {
  const query = compiledOnce(build)
  return (executor, args) => {
    const result = executor.executeQuery(query(args))
    return result instanceof Promise ? result.then(countOf) : countOf(result)
  }
}

function countOf({ numAffectedRows }: QueryResult<unknown>): number {
  return Number(numAffectedRows)
}

/**
 * A limit that is part of the SQL. SQLite looks at a bound one when it plans, and therefore plans again at every run: five
 * times the cost of a small query.
 */
export function fixed(rows: number): Expression<number> {
  return sql.lit(rows)
}

function compiledOnce<Arguments extends object, Row>(
  build: Build<Arguments, Row>,
): (args: Arguments) => CompiledQuery<Row> {
  let template: Template<Row> | null = null
  return (args) => {
    // A slot stands in for a value of its argument's type; nothing looks at it before it is swapped.
    template ??= toTemplate(build((name) => new Slot(name) as never).compile(), args)
    return fill(template, args)
  }
}

/** Marks the place of an argument while a query is built; Kysely takes it for a value and passes it through. */
class Slot {
  constructor(readonly name: string) {}
}

interface Template<Row> {
  readonly compiled: CompiledQuery<Row>
  /** For each parameter the name of the argument that goes there, or null where the query has a constant. */
  readonly slots: readonly (string | null)[]
}

/** One query is called in one way, so that looking once whether it knows its arguments tells of all calls. */
function toTemplate<Row>(compiled: CompiledQuery<Row>, args: object): Template<Row> {
  const slots = compiled.parameters.map((value) => (value instanceof Slot ? value.name : null))
  const unknown = Object.keys(args).filter((name) => !slots.includes(name))
  if (unknown.length > 0) {
    const list = unknown.map((name) => `"${name}"`).join(', ')
    throw misused(`does not know the arguments ${list}`, compiled.sql)
  }
  return { compiled, slots }
}

function fill<Row>({ compiled, slots }: Template<Row>, args: object): CompiledQuery<Row> {
  const { sql, query, queryId } = compiled
  const parameters = new Array<unknown>(slots.length)
  for (let index = 0; index < slots.length; index++) {
    const name = slots[index] ?? null
    const value = name === null ? compiled.parameters[index] : (args as Record<string, unknown>)[name]
    // A forgotten argument must not become NULL.
    if (value === undefined) throw misused(`has no argument "${name}"`, sql)
    parameters[index] = value
  }
  return { sql, query, queryId, parameters }
}

function misused(what: string, sql: string): AsyncvError {
  return new AsyncvError('internal', `A prepared query ${what}: ${sql}`)
}
