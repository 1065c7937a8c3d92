/** What runtimes say of the options of connectors and providers: they know which types there are, and which options are secrets. */
import { installed } from 'asyncv/schemas'
import { askWithin } from './ask.ts'
import type { RuntimePort } from './runtime-port.ts'

/** What of its answer is looked at here: a newer runtime may say more. */
const typesSeen = installed.pick({ types: true })

type Schema = Readonly<Record<string, unknown>>

export interface Types {
  /** The JSON Schemas of the options of a type, one of each runtime that has it; empty where no runtime could be asked. */
  schemas(kind: 'connector' | 'provider', type: string): Promise<Schema[]>
}

/** Types come with a start of a runtime; one that is away is not waited for at each save. ms. */
const freshMs = 30_000
/** Nobody waits longer for a save because of a runtime that does not answer. ms. */
const patienceMs = 2_000

type Known = { kind: string; type: string; options: Schema | null }[]

export function createTypes(runtimes: RuntimePort, now: () => number): Types {
  /** What was said last stays good while a runtime is away. */
  const known = new Map<string, { at: number; types: Promise<Known> }>()
  return {
    async schemas(kind, type) {
      const all = await Promise.all((await runtimes.list()).map(({ id }) => typesOf(id)))
      return all.flat().flatMap((one) => (one.kind === kind && one.type === type && one.options ? [one.options] : []))
    },
  }

  function typesOf(runtime: string): Promise<Known> {
    const last = known.get(runtime)
    const age = last === undefined ? Number.POSITIVE_INFINITY : now() - last.at
    // Below 0 the clock was set back.
    if (last !== undefined && age >= 0 && age < freshMs) return last.types
    const types = ask(runtime).catch(async () => (await last?.types) ?? [])
    known.set(runtime, { at: now(), types })
    return types
  }

  async function ask(runtime: string): Promise<Known> {
    const { body } = await askWithin(patienceMs, runtimes, runtime, { method: 'GET', path: '/admin/v1/types' })
    return typesSeen.parse(body).types
  }
}
