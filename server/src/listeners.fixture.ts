import type { Asyncv } from 'asyncv'
import { afterAll, beforeAll } from 'vitest'
import { createServer, type Listening } from './server.ts'

/** The key of the operator of every runtime that is listened for here. */
export const operatorKey = `avk_operator_${'o'.repeat(43)}`

export interface Listeners {
  runtime: Listening
  management: Listening
}

/** Starts a runtime with both its listeners before the tests of a file, and ends them after these. */
export function listenersOf(asyncv: Asyncv): Listeners {
  const opened = {} as Listeners // filled before the first test
  beforeAll(async () => {
    await asyncv.start()
    const server = createServer(asyncv, { operatorKey })
    opened.management = await server.management.listen(0)
    opened.runtime = await server.listen({ host: '127.0.0.1', port: 0 })
  })
  afterAll(async () => {
    await Promise.all([opened.management.close({ graceMs: 0 }), opened.runtime.close({ graceMs: 0 })])
    await asyncv.stop({ drainMs: 0 })
  })
  return opened
}
