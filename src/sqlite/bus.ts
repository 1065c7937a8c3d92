import type { CompiledQuery } from 'kysely'
import type { Deferred } from '../internal/deferred.ts'

/** One real transaction, from its BEGIN to its COMMIT. */
export interface Bus {
  /** The logical transactions on it, those that rolled back not counted. */
  riders: number
  /** Turns of the event loop that it has waited for more. */
  turns: number
  /** All that ran on it since it began, or since it last had to go back; with it, it can be driven again. */
  readonly way: CompiledQuery[]
  /** Resolves when it has committed; rejects with `storage_failed` when nothing of it is kept. */
  readonly arrival: Deferred<void>
}
