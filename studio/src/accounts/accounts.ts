/** Accounts by what people do with them themselves: sign in and out, say who they are, change their password. */
import { append, studioItself } from '../audit/append.ts'
import type { Database, Trx } from '../database/open.ts'
import { Problem } from '../http/problem.ts'
import { uuidv7 } from '../id.ts'
import type { firstRunRequest, meRequest } from '../schemas/account.ts'
import type { z } from 'zod'
import type { Devices } from './devices.ts'
import type { FailedSignIns } from './failed-sign-ins.ts'
import type { FirstRun } from './first-run.ts'
import { canonicalLogin } from './login.ts'
import type { Passwords } from './password.ts'
import type { Sessions, SignedIn } from './sessions.ts'
import type { Throttle } from './throttle.ts'
import { tokenHash } from './token.ts'

/** Where somebody comes from: the origin of another host that has the pages; null: Studio's own. */
interface From {
  place: string | null
}

/** What a browser is given when somebody has signed in with it. */
export interface Entry {
  token: string
  device: string
}

export interface Accounts {
  makeFirst(request: z.output<typeof firstRunRequest> & From): Promise<Entry>
  /** `device` is what the browser has of an earlier time, as it came. */
  signIn(request: { login: string; password: string; address: string | null; device?: string } & From): Promise<Entry>
  signOut(who: SignedIn): Promise<void>
  change(who: SignedIn, change: z.output<typeof meRequest>): Promise<void>
  changePassword(
    who: SignedIn,
    request: { current: string; next: string; address: string | null } & From,
  ): Promise<Entry>
  takeUpInvitation(request: { token: string; password: string } & From): Promise<Entry>
}

export interface AccountsParts {
  db: Database
  sessions: Sessions
  throttle: Throttle
  failedSignIns: FailedSignIns
  devices: Devices
  passwords: Passwords
  firstRun: FirstRun
  now: () => number
}

export function createAccounts(parts: AccountsParts): Accounts {
  const { db, sessions, throttle, failedSignIns, devices, passwords, firstRun, now } = parts
  return { makeFirst, signIn, signOut, change, changePassword, takeUpInvitation }

  async function makeFirst({ token, name, place, ...request }: Parameters<Accounts['makeFirst']>[0]): Promise<Entry> {
    if (!firstRun.isToken(token) || !(await firstRun.isOpen())) throw linkInvalid('Start Studio again for a new one.')
    const login = canonicalLogin(request.login)
    const password = await passwords.hash(request.password)
    return db.transaction().execute(async (trx) => {
      // Two may have followed the link at once.
      const other = await trx.selectFrom('user').select('id').limit(1).executeTakeFirst()
      if (other !== undefined) throw linkInvalid('Sign in, or ask the administrator for an account.')
      const id = uuidv7(now())
      const row = { id, login, name, role: 'admin', password, language: null, theme: null, signed_in_at: null } as const
      await trx
        .insertInto('user')
        .values({ ...row, created_at: now() })
        .execute()
      await append(trx, { at: now(), by: row, action: 'user.created', target: id, detail: { login, role: 'admin' } })
      return enter(trx, row, place)
    })
  }

  async function signIn({ password, address, place, ...request }: Parameters<Accounts['signIn']>[0]): Promise<Entry> {
    const login = canonicalLogin(request.login)
    const attempt = { login, address, device: devices.read(request.device, login) }
    throttle.begin(attempt)
    const user = await db.selectFrom('user').selectAll().where('login', '=', login).executeTakeFirst()
    const isRight = await passwords.matches(password, user?.password ?? null)
    if (user === undefined || !isRight) {
      await writeDownFailure({ login, address, account: user?.id ?? null })
      throw new Problem('sign_in_failed', 'The login or the password is wrong.')
    }
    throttle.succeed(attempt)
    return db.transaction().execute(async (trx) => {
      // The password may have been changed, or the account deleted, while it was compared.
      const still = trx.selectFrom('user').select('id').where('id', '=', user.id).where('password', '=', user.password)
      if ((await still.executeTakeFirst()) === undefined) {
        throw new Problem('sign_in_failed', 'The login or the password is wrong.')
      }
      return enter(trx, user, place)
    })
  }

  /** Before the answer, and for a login that nobody has too: neither what is answered nor when tells which there are. */
  async function writeDownFailure(failure: Parameters<FailedSignIns['note']>[0]): Promise<void> {
    const told = failedSignIns.note(failure)
    if (told === null) return
    const deed = { at: now(), by: studioItself, action: 'session.refused', ...told } as const
    await db.transaction().execute((trx) => append(trx, deed))
  }

  async function signOut({ user, session }: SignedIn): Promise<void> {
    await db.transaction().execute(async (trx) => {
      await sessions.end(trx, session)
      await append(trx, { at: now(), by: user, action: 'session.ended', target: user.id })
    })
  }

  /** Language and theme are one's own affair; a name is what others read. */
  async function change({ user }: SignedIn, { name, language, theme }: z.output<typeof meRequest>): Promise<void> {
    await db.transaction().execute(async (trx) => {
      const set = {
        ...(name === undefined ? {} : { name }),
        ...(language === undefined ? {} : { language }),
        ...(theme === undefined ? {} : { theme }),
      }
      if (Object.keys(set).length === 0) return
      await trx.updateTable('user').set(set).where('id', '=', user.id).execute()
      if (name === undefined || name === user.name) return
      const detail = { name: [user.name, name] }
      await append(trx, { at: now(), by: user, action: 'user.changed', target: user.id, detail })
    })
  }

  async function changePassword(
    { user }: SignedIn,
    { current, next, address, place }: Parameters<Accounts['changePassword']>[1],
  ): Promise<Entry> {
    // Who finds a browser open must not guess either.
    const attempt = { login: user.login, address, device: `session of ${user.id}` }
    throttle.begin(attempt)
    if (!(await passwords.matches(current, user.password))) {
      const errors = [{ pointer: '/current', detail: 'is not the password' }]
      throw new Problem('input_invalid', 'The current password is wrong.', { errors })
    }
    throttle.succeed(attempt)
    const password = await passwords.hash(next)
    return db.transaction().execute(async (trx) => {
      const changed = await trx
        .updateTable('user')
        .set({ password })
        .where('id', '=', user.id)
        .where('password', '=', user.password)
        .executeTakeFirst()
      if (changed.numUpdatedRows === 0n) throw new Problem('state_conflict', 'The password was changed meanwhile.')
      await sessions.endAll(trx, user.id)
      // A link that was made for a forgotten password would still set another one.
      await trx.deleteFrom('invite').where('user_id', '=', user.id).execute()
      await append(trx, { at: now(), by: user, action: 'user.password_changed', target: user.id })
      return enter(trx, user, place)
    })
  }

  async function takeUpInvitation({
    token,
    place,
    ...request
  }: Parameters<Accounts['takeUpInvitation']>[0]): Promise<Entry> {
    const find = (from: Pick<Database, 'selectFrom'>) =>
      from
        .selectFrom('invite')
        .innerJoin('user', 'user.id', 'invite.user_id')
        .selectAll('user')
        .where('token_hash', '=', tokenHash(token))
        .where('expires_at', '>', now())
        .executeTakeFirst()
    const askAnew = 'Ask an administrator for a new one.'
    if ((await find(db)) === undefined) throw linkInvalid(askAnew)
    const password = await passwords.hash(request.password)
    return db.transaction().execute(async (trx) => {
      const user = await find(trx)
      if (user === undefined) throw linkInvalid(askAnew)
      await trx.deleteFrom('invite').where('user_id', '=', user.id).execute()
      await trx.updateTable('user').set({ password }).where('id', '=', user.id).execute()
      await sessions.endAll(trx, user.id)
      await append(trx, { at: now(), by: user, action: 'user.invitation_accepted', target: user.id })
      return enter(trx, user, place)
    })
  }

  async function enter(trx: Trx, user: { id: string; login: string }, place: string | null): Promise<Entry> {
    const token = await sessions.begin(trx, user.id, place)
    await append(trx, { at: now(), by: user, action: 'session.began', target: user.id })
    return { token, device: devices.cookieFor(user.login) }
  }
}

function linkInvalid(hint: string): Problem {
  return new Problem('link_invalid', 'The link is wrong, was used, or is too old.', { hint })
}
