import type { Context } from 'hono'
import type { Accounts, Entry } from '../accounts/accounts.ts'
import type { FirstRun } from '../accounts/first-run.ts'
import type { Sessions, SignedIn } from '../accounts/sessions.ts'
import { addressOf } from '../http/address.ts'
import { readBody } from '../http/body.ts'
import type { Cookies } from '../http/cookies.ts'
import { credentialOf } from '../http/credential.ts'
import type { IsProxy } from '../http/proxies.ts'
import { appOriginOf } from '../http/sender.ts'
import {
  type Entered,
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
  isProxy: IsProxy
}

/** What people do with their own account. */
export function accountRoutes(routes: Router, parts: AccountRouteParts): void {
  const { accounts, sessions, firstRun, cookies, isProxy } = parts

  routes.open('GET /api/first-run', async (c) => c.json({ open: await firstRun.isOpen() }))
  routes.open('POST /api/first-run', async (c) =>
    entered(c, await accounts.makeFirst({ ...(await readBody(c, firstRunRequest)), place: placeOf(c) })),
  )
  routes.open('POST /api/sign-in', async (c) => {
    const { device: said, ...given } = await readBody(c, signInRequest)
    const place = placeOf(c)
    const device = place === null ? cookies.device(c) : said
    const request = { ...given, address: addressOf(c, isProxy), place }
    return entered(c, await accounts.signIn(device === undefined ? request : { ...request, device }))
  })
  routes.open('POST /api/invitations', async (c) =>
    entered(c, await accounts.takeUpInvitation({ ...(await readBody(c, invitationRequest)), place: placeOf(c) })),
  )
  routes.on('POST /api/sign-out', async (c, who) => {
    await accounts.signOut(who)
    // Whoever is signed in here besides stays so.
    if (placeOf(c) === null) cookies.leave(c)
    return c.body(null, 204)
  })
  routes.on('GET /api/me', (c, who) => c.json(toMe(who)))
  routes.on('PUT /api/me', async (c, who) => {
    await accounts.change(who, await readBody(c, meRequest))
    return c.json(toMe((await sessions.find(credentialOf(c, cookies))) ?? who))
  })
  routes.on('PUT /api/me/password', async (c, who) => {
    const request = await readBody(c, passwordRequest)
    const from = { address: addressOf(c, isProxy), place: placeOf(c) }
    return entered(c, await accounts.changePassword(who, { ...request, ...from }))
  })

  async function entered(c: Context, entry: Entry): Promise<Response> {
    // Whoever was signed in here is so no more: nobody would know of that session, or end it.
    const before = await sessions.find(credentialOf(c, cookies))
    if (before !== null) await accounts.signOut(before)
    const place = placeOf(c)
    if (place === null) cookies.enter(c, entry)
    const who = await sessions.find({ token: entry.token, place })
    if (who === null) throw new Error('A session that was just begun is not there.')
    const answer: Entered = place === null ? toMe(who) : { ...toMe(who), entry }
    return c.json(answer)
  }
}

/** The other host that a session of this request would be for. */
function placeOf(c: Context): string | null {
  return appOriginOf(c.req.raw)?.origin ?? null
}

/** Through its schema, which leaves out what is nobody's to read, such as the hash of the password. */
function toMe({ user }: SignedIn): Me {
  return me.parse({ user })
}
