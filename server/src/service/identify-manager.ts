import type { Actor, Asyncv, Scope } from 'asyncv'
import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { Opening } from '../opened-by.ts'
import { perRequest } from '../per-request.ts'
import type { Problem } from '../problem.ts'
import { namedPath } from '../route-list.ts'
import { authenticator, beyondScope, invalid, missing } from './authenticator.ts'
import { type ManagedKeys, managedKeys } from './managed-keys.ts'
import { actorOf, anonymous, operator, type Principal } from './principal.ts'
import { Revocations, whileGood } from './revocations.ts'

/** Who manages the runtime, and may do what the route does. */
export interface Manager {
  /** Whom the audit log names. */
  readonly actor: Actor
  /** API keys as far as they are the manager's to make and revoke. */
  readonly keys: ManagedKeys
  /** What `open` gives, until the manager leaves or their key ends, which is said. */
  follow<Item>(left: AbortSignal, open: (signal: AbortSignal) => AsyncIterable<Item>): AsyncIterable<Item>
}

export type ManagerOf = (c: Context) => Manager

/**
 * Finds out who sent a request before any route sees it. Management concerns a runtime as a whole, so a key of one space,
 * or for some agents, sees nothing of it. `opens` says what opens each route; a route that it does not know opens to nobody.
 */
export function identifyManager(
  asyncv: Pick<Asyncv, 'keys'>,
  { operatorKey, opens }: { operatorKey: string | null; opens(): ReadonlyMap<string, Opening> },
): { middleware: MiddlewareHandler; identifyAgain(c: Context): Promise<void>; managerOf: ManagerOf } {
  const { keys } = asyncv
  const authenticate = authenticator(asyncv, operatorKey)
  const revocations = new Revocations(keys, { outlive: true })
  const found = perRequest<Manager>()
  return {
    async middleware(c, next) {
      const authorization = c.req.header('authorization')
      if (authorization === undefined) throw missing()
      const principal = await authenticate(authorization)
      if (principal === anonymous) throw invalid()
      if (principal !== operator) checkMayOpen(principal, openingsHere(c, opens()))
      found.set(c, {
        actor: actorOf(principal),
        keys: managedKeys(keys, principal),
        async *follow(left, open) {
          const watch = revocations.watch(principal === operator ? null : principal.key, left)
          yield* whileGood(open(watch.signal ?? left), watch)
        },
      })
      await next()
    },
    async identifyAgain(c) {
      await authenticate(c.req.header('authorization'))
    },
    managerOf(c) {
      const manager = found.get(c)
      if (manager === undefined) throw new Error(`Nobody was looked for at ${c.req.path}.`)
      return manager
    },
  }
}

/** What opens the routes that take this request: one, or none where there is nothing. */
function openingsHere(c: Context, opens: ReadonlyMap<string, Opening>): Opening[] {
  const routes = matchedRoutes(c).filter(({ method }) => method !== 'ALL')
  const names = new Set(routes.map(({ method, path }) => `${method} ${namedPath(path)}`))
  return [...names].map((name) => {
    const opening = opens.get(name)
    if (opening !== undefined) return opening
    throw new Error(`Nothing says what opens ${name}.`)
  })
}

/** Throws `scope_missing`, with what would do and how it is made. */
function checkMayOpen({ space, agents, scopes }: Principal, openings: readonly Opening[]): void {
  if (openings.includes('operator')) {
    throw beyondScope(
      'This is for the operator key alone.',
      'The commands on the host of the runtime use it; it lies beside the database.',
    )
  }
  const wanted = openings.flat() as Scope[]
  if (space !== null) {
    throw refused(`This key is for the space ${JSON.stringify(space)}, and management is of the whole runtime.`, wanted)
  }
  if (agents !== null) {
    throw refused(`This key is for the agents ${agents.join(', ')}, and management is of the whole runtime.`, wanted)
  }
  if (wanted.length > 0 && !wanted.some((scope) => scopes.has(scope))) {
    throw refused(`This needs the scope ${wanted.join(' or ')}.`, wanted)
  }
}

function refused(detail: string, [scope = 'configure']: readonly Scope[]): Problem {
  const hint = `Make a key on the host of the runtime: asyncv keys create NAME --scopes ${scope} --space '*'`
  return beyondScope(detail, hint, scope)
}
