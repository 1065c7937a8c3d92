import type { Context, Hono } from 'hono'
import type { Sessions, SignedIn } from '../accounts/sessions.ts'
import type { Cookies } from '../http/cookies.ts'
import { credentialOf } from '../http/credential.ts'
import { noteEntry } from '../http/entry.ts'
import { Problem } from '../http/problem.ts'
import { reaches, type Role } from '../schemas/role.ts'
import { access, type OpenRoute, type Route } from './access.ts'

/** The only way to add a route: what it takes stands in `access.ts`, and who asks is known before anything is read. */
export interface Router {
  open(route: OpenRoute, answer: (c: Context) => Answer): void
  on(route: Exclude<Route, OpenRoute>, answer: (c: Context, who: SignedIn) => Answer): void
}

type Answer = Response | Promise<Response>

export function createRouter(app: Hono, sessions: Sessions, cookies: Cookies): Router {
  return {
    open: (route, answer) => void app.on(...placeOf(route), (c) => answer(c)),
    on(route, answer) {
      app.on(...placeOf(route), async (c) => {
        const enter = async (): Promise<SignedIn> => {
          const who = await sessions.find(credentialOf(c, cookies))
          if (who === null) throw new Problem('unauthenticated', 'Nobody is signed in.', { hint: 'Sign in.' })
          checkRole(who, access[route])
          return who
        }
        const who = await enter()
        noteEntry(c, async () => void (await enter()))
        return answer(c, who)
      })
    },
  }
}

/** Throws `forbidden`. */
export function checkRole({ user }: SignedIn, least: Role): void {
  if (reaches(user.role, least)) return
  throw new Problem('forbidden', `This takes the role "${least}"; ${user.login} is "${user.role}".`, {
    hint: 'Ask an administrator of Studio.',
  })
}

function placeOf(route: Route): [method: string, path: string] {
  const [method = '', path = ''] = route.split(' ')
  return [method, path]
}
