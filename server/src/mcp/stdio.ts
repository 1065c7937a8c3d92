import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { Asyncv } from 'asyncv'
import { type ProblemDocument, toDocument, toProblem } from '../problem.ts'
import { Askers } from '../service/askers.ts'
import { LimitedCaller } from '../service/limited-caller.ts'
import { anonymous } from '../service/principal.ts'
import { Revocations } from '../service/revocations.ts'
import type { McpCaller } from './parts.ts'

export interface McpStdioOptions {
  /** Ends it before the host does. */
  signal: AbortSignal
  /** What the host hears of failures that are not the runtime's own; null for those that are. */
  describe?(error: unknown): ProblemDocument | null
}

/**
 * Serves an MCP host that started this process, on stdin and stdout, until it closes either. What is under way then is
 * cancelled, as is what the host cancels: there is one host, and nobody else waits. Nothing but the protocol may be
 * written to stdout meanwhile.
 */
export async function serveMcpStdio(
  caller: McpCaller,
  { signal, describe: describeForeign }: McpStdioOptions,
): Promise<void> {
  const [{ serveStdio }, { createMcpServer }] = await Promise.all([
    import('@modelcontextprotocol/server/stdio'),
    import('./server.ts'),
  ])
  const describe = (error: unknown): ProblemDocument =>
    describeForeign?.(error) ?? toDocument(toProblem(error), randomUUID())
  // A pipe that is cut has no end, and a file that is read has no close.
  const ended = ['end', 'close'].map((event) => once(process.stdin, event, { signal }).catch(() => {}))
  // Whoever does not read any more may have left without an end that is seen: what failed to write reads no further.
  const deaf = once(process.stdout, 'error', { signal }).catch(() => {})
  const left = Promise.race([...ended, deaf])
  const connection = serveStdio(() => createMcpServer({ caller, describe, cancelOnAbort: true }))
  await left
  await connection.close()
}

/** Whoever runs this process may ask its runtime, as whoever is on this machine may ask a service without keys. */
export function localCaller(asyncv: Asyncv): McpCaller {
  return new LimitedCaller(asyncv, anonymous, {
    revocations: new Revocations(asyncv.keys),
    askers: new Askers(asyncv),
    onAccepted: () => {},
  })
}
