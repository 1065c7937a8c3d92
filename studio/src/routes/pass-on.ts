import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { Sessions, SignedIn } from '../accounts/sessions.ts'
import { append, checkWritable } from '../audit/append.ts'
import { storageProblem } from '../database/failure.ts'
import type { Database } from '../database/open.ts'
import { Problem } from '../http/problem.ts'
import { requestId } from '../http/request-id.ts'
import type { RuntimeClient } from '../runtimes/client.ts'
import { passOn } from '../runtimes/pass-on.ts'
import { leastFor } from '../runtimes/passable.ts'
import type { Connection, Runtimes } from '../runtimes/runtimes.ts'
import { reaches } from '../schemas/role.ts'
import { checkRole, type Router } from './router.ts'

export interface PassOnParts {
  db: Database
  sessions: Sessions
  runtimes: Runtimes
  client: RuntimeClient
  now: () => number
}

/** The runtime's own routes, as far as they are passed on. */
export function passOnRoutes(routes: Router, { db, sessions, runtimes, client, now }: PassOnParts): void {
  routes.on('GET /api/runtimes/:id/metrics', (c, who) => pass(c, who, 'url'))
  routes.on('ALL /api/runtimes/:id/v1/*', (c, who) => pass(c, who, 'url'))
  routes.on('ALL /api/runtimes/:id/admin/v1/*', (c, who) => pass(c, who, 'managementUrl'))

  async function pass(c: Context, who: SignedIn, listener: 'url' | 'managementUrl'): Promise<Response> {
    const id = c.req.param('id') ?? ''
    const { pathname, search } = new URL(c.req.url)
    const path = pathname.slice(`/api/runtimes/${id}`.length)
    const { method } = c.req
    const least = leastFor(method, path)
    if (least === null) throw new Problem('route_unknown', `Studio does not pass ${method} ${path} on.`)
    checkRole(who, least)
    // What takes an operator is something that was done to the runtime; the rest reads, or tries out.
    const isDeed = method !== 'GET' && reaches(least, 'operator')
    // From here on, since the session may end while the runtime is looked up.
    const ended = sessions.watch(who)
    const { [listener]: base, key } = await connectionTo(id, isDeed).catch((error) => {
      ended.stop()
      throw error
    })
    const { raw: request } = c.req
    const asked = { request, requestId: requestId(request), base, path: path + search, key }
    const cut = (): void => void (c.env as Partial<HttpBindings> | undefined)?.outgoing?.destroy()
    const answer = await passOn(client, { ...asked, signal: ended.signal, over: ended.stop, cut }).catch(
      async (error) => {
        // It may have come there all the same.
        if (isDeed) await note(who, id, { method, path, status: null })
        throw error
      },
    )
    if (isDeed) {
      await note(who, id, { method, path, status: answer.status }).catch((error) => {
        void answer.body?.cancel()
        throw unwritten(error, answer.status)
      })
    }
    return answer
  }

  async function connectionTo(id: string, isDeed: boolean): Promise<Connection> {
    if (isDeed) await checkWritable(db)
    return runtimes.connection(id)
  }

  async function note({ user }: SignedIn, target: string, detail: Record<string, unknown>): Promise<void> {
    await db
      .transaction()
      .execute((trx) => append(trx, { at: now(), by: user, action: 'runtime.operated', target, detail }))
  }
}

/** The disk was full, say, from one moment to the next: that nothing was done would be wrong. */
function unwritten(error: unknown, status: number): unknown {
  const stuck = storageProblem(error)
  if (stuck === null) return error
  return new Problem('storage_failed', `The runtime answered ${status}, and Studio could not write that down.`, {
    hint: 'Look at what became of it before it is tried again, and at the disk of Studio’s host, its space and its permissions.',
  })
}
