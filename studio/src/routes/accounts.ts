import type { Context } from 'hono'
import type { Accounts, Entry } from '../accounts/accounts.ts'
import type { FirstRun } from '../accounts/first-run.ts'
import type { Sessions, SignedIn } from '../accounts/sessions.ts'
import { addressOf } from '../http/address.ts'
import { readBody } from '../http/body.ts'
import type { Cookies } from '../http/cookies.ts'
import {
  firstRunRequest,
  invitationRequest,
  type Me,
  me,
  meRequest,
  passwordRequest,
  signInRequest,
} from '../schemas/account.ts'
import type { Router } from './router.ts'

export interface AccountRouteParts {
  accounts: Accounts
  sessions: Sessions
  firstRun: FirstRun
  cookies: Cookies
  publicUrl: URL | null
}

/** What people do with their own account. */
export function accountRoutes(routes: Router, parts: AccountRouteParts): void {
  const { accounts, sessions, firstRun, cookies, publicUrl } = parts

  routes.open('GET /api/first-run', async (c) => c.json({ open: await firstRun.isOpen() }))
  routes.open('POST /api/first-run', async (c) =>
    entered(c, await accounts.makeFirst(await readBody(c, firstRunRequest))),
  )
  routes.open('POST /api/sign-in', async (c) => {
    const device = cookies.device(c)
    const given = { ...(await readBody(c, signInRequest)), address: addressOf(c, publicUrl) }
    return entered(c, await accounts.signIn(device === undefined ? given : { ...given, device }))
  })
  routes.open('POST /api/invitations', async (c) =>
    entered(c, await accounts.takeUpInvitation(await readBody(c, invitationRequest))),
  )
  routes.on('POST /api/sign-out', async (c, who) => {
    await accounts.signOut(who)
    cookies.leave(c)
    return c.body(null, 204)
  })
  routes.on('GET /api/me', (c, who) => c.json(toMe(who)))
  routes.on('PUT /api/me', async (c, who) => {
    await accounts.change(who, await readBody(c, meRequest))
    return c.json(toMe((await sessions.find(cookies.session(c))) ?? who))
  })
  routes.on('PUT /api/me/password', async (c, who) => {
    const request = await readBody(c, passwordRequest)
    return entered(c, await accounts.changePassword(who, { ...request, address: addressOf(c, publicUrl) }))
  })

  async function entered(c: Context, entry: Entry): Promise<Response> {
    cookies.enter(c, entry)
    const who = await sessions.find(entry.token)
    if (who === null) throw new Error('A session that was just begun is not there.')
    return c.json(toMe(who))
  }
}

/** Through its schema, which leaves out what is nobody's to read, such as the hash of the password. */
function toMe({ user }: SignedIn): Me {
  return me.parse({ user })
}
