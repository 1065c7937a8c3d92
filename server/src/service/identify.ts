import type { Asyncv, Receipted } from 'asyncv'
import type { Context, MiddlewareHandler } from 'hono'
import { isLoopback } from '../loopback.ts'
import { metadataPaths } from '../mcp/metadata.ts'
import { perRequest } from '../per-request.ts'
import { Problem } from '../problem.ts'
import type { Sender, SenderOf } from '../sender.ts'
import { webhookPath } from '../routes/webhooks.ts'
import { Askers } from './askers.ts'
import { authenticator, realm } from './authenticator.ts'
import type { Caller, CallerOf } from './caller.ts'
import { LimitedCaller } from './limited-caller.ts'
import { anonymous } from './principal.ts'
import { RateLimit } from './rate-limit.ts'
import { Revocations } from './revocations.ts'

/** What says nothing of anybody: whether the process lives and is ready, and what could be asked of it. */
const open = new Set(['/livez', '/healthz', '/readyz', '/openapi.json', '/docs', ...metadataPaths])

export interface IdentifyOptions {
  operatorKey: string | null
  senderOf: SenderOf
  /** 0 for no limit. */
  requestsPerMinute: number
  /** A message of this request is on disk. */
  onAccepted(c: Context, accepted: Receipted): void
}

/** Finds out who sent a request before any route sees it, and tells the routes; and again, while one takes its time. */
export function identify(
  asyncv: Asyncv,
  { operatorKey, senderOf, requestsPerMinute, onAccepted }: IdentifyOptions,
): { middleware: MiddlewareHandler; identifyAgain(c: Context): Promise<void>; callerOf: CallerOf } {
  const authenticate = authenticator(asyncv, operatorKey)
  const rates = requestsPerMinute === 0 ? null : new RateLimit(requestsPerMinute)
  const revocations = new Revocations(asyncv.keys)
  const askers = new Askers(asyncv)
  const callers = perRequest<Caller>()
  return {
    async middleware(c, next) {
      if (!open.has(c.req.path) && !c.req.path.startsWith(webhookPath)) {
        const principal = await authenticate(c.req.header('authorization'))
        if (principal === anonymous && !isHere(senderOf(c))) throw comesFromElsewhere()
        callers.set(
          c,
          new LimitedCaller(asyncv, principal, {
            revocations,
            askers,
            onAccepted: (accepted) => onAccepted(c, accepted),
          }),
        )
        const left = rates?.take(principal.key ?? `from ${senderOf(c).address}`)
        await next()
        // After the answer, so that streams and problems, which bring heads of their own, say it too.
        for (const [name, value] of Object.entries(left ?? {})) c.res.headers.set(name, value)
        return
      }
      await next()
    },
    async identifyAgain(c) {
      await authenticate(c.req.header('authorization'))
    },
    callerOf(c: Context): Caller {
      const caller = callers.get(c)
      if (caller === undefined) throw new Error(`Nobody was looked for at ${c.req.path}.`)
      return caller
    },
  }
}

/**
 * Whether nobody but this machine sent it. A proxy on this machine calls from here for people who may be anywhere; that
 * somebody is here is then known only of one that is trusted.
 */
function isHere({ address, isForwarded }: Sender): boolean {
  return !isForwarded || (address !== null && isLoopback(address))
}

function comesFromElsewhere(): Problem {
  return new Problem('key_missing', 'This request came through a proxy; without keys only this machine is served.', {
    hint: 'Make a key with "asyncv keys create", or name the proxy in server.trustProxy if it serves this machine alone.',
    headers: { 'WWW-Authenticate': realm },
  })
}
