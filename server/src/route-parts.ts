import type { MiddlewareHandler } from 'hono'
import type { EventStreams } from './event-stream.ts'
import type { Describe } from './problems.ts'
import type { CallerOf } from './service/caller.ts'

/** What the app hands to each group of routes. */
export interface RouteParts {
  callerOf: CallerOf
  /** Reads the JSON body within its limits. */
  body: MiddlewareHandler
  /** What a caller hears of a failure after the answer has begun. */
  describe: Describe
  streams: EventStreams
  /** What the path of each route begins with. */
  basePath: string
}
