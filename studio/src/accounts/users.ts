/** Accounts by what an administrator does with them. */
import type { z } from 'zod'
import { type Actor, append } from '../audit/append.ts'
import type { Database, Trx } from '../database/open.ts'
import { Problem } from '../http/problem.ts'
import { uuidv7 } from '../id.ts'
import type { User, userChange, userRequest } from '../schemas/account.ts'
import { canonicalLogin } from './login.ts'
import type { Sessions } from './sessions.ts'
import { newToken, tokenHash } from './token.ts'

/** How long an invitation can be taken up. ms. */
export const invitationMs = 7 * 24 * 3_600_000

export interface Users {
  list(): Promise<User[]>
  create(by: Actor, request: z.output<typeof userRequest>): Promise<User>
  change(by: Actor, id: string, change: z.output<typeof userChange>): Promise<User>
  remove(by: Actor, id: string): Promise<void>
  /** A new token; an earlier one is good no longer. Whoever has it sets the password. */
  invite(by: Actor, id: string): Promise<{ token: string; expiresAt: number }>
}

export function createUsers(db: Database, sessions: Sessions, now: () => number): Users {
  return { list, create, change, remove, invite }

  async function list(): Promise<User[]> {
    return (await users(db).orderBy('login').execute()).map((row) => toUser(row, now()))
  }

  async function create(by: Actor, { name, role, ...request }: z.output<typeof userRequest>): Promise<User> {
    const login = canonicalLogin(request.login)
    return db.transaction().execute(async (trx) => {
      await checkFree(trx, login)
      const id = uuidv7(now())
      const unset = { password: null, language: null, theme: null, signed_in_at: null }
      await trx
        .insertInto('user')
        .values({ id, login, name, role, created_at: now(), ...unset })
        .execute()
      await append(trx, { at: now(), by, action: 'user.created', target: id, detail: { login, name, role } })
      return get(trx, id)
    })
  }

  async function change(by: Actor, id: string, given: z.output<typeof userChange>): Promise<User> {
    return db.transaction().execute(async (trx) => {
      const before = await get(trx, id)
      const { login = before.login, name = before.name, role = before.role } = given
      const after = { login: canonicalLogin(login), name, role }
      if (after.login !== before.login) await checkFree(trx, after.login)
      if (before.role === 'admin' && role !== 'admin') await checkAnotherAdmin(trx, id)
      const keys = (['login', 'name', 'role'] as const).filter((key) => before[key] !== after[key])
      if (keys.length === 0) return before
      await trx.updateTable('user').set(after).where('id', '=', id).execute()
      if (before.role !== role) await sessions.endAll(trx, id)
      const detail = Object.fromEntries(keys.map((key) => [key, [before[key], after[key]]]))
      await append(trx, { at: now(), by, action: 'user.changed', target: id, detail })
      return get(trx, id)
    })
  }

  async function remove(by: Actor, id: string): Promise<void> {
    await db.transaction().execute(async (trx) => {
      const { login, role } = await get(trx, id)
      if (role === 'admin') await checkAnotherAdmin(trx, id)
      await sessions.endAll(trx, id)
      await trx.deleteFrom('user').where('id', '=', id).execute()
      await append(trx, { at: now(), by, action: 'user.deleted', target: id, detail: { login, role } })
    })
  }

  async function invite(by: Actor, id: string): Promise<{ token: string; expiresAt: number }> {
    return db.transaction().execute(async (trx) => {
      const { login } = await get(trx, id)
      const token = newToken()
      const row = { token_hash: tokenHash(token), created_at: now(), expires_at: now() + invitationMs }
      await trx
        .insertInto('invite')
        .values({ user_id: id, ...row })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet(row))
        .execute()
      await append(trx, { at: now(), by, action: 'user.invited', target: id, detail: { login } })
      return { token, expiresAt: row.expires_at }
    })
  }

  async function get(trx: Trx, id: string): Promise<User> {
    const row = await users(trx).where('user.id', '=', id).executeTakeFirst()
    if (row === undefined) throw new Problem('user_unknown', `There is no account ${JSON.stringify(id)}.`)
    return toUser(row, now())
  }
}

function users(from: Pick<Database, 'selectFrom'>) {
  return from
    .selectFrom('user')
    .leftJoin('invite', 'invite.user_id', 'user.id')
    .selectAll('user')
    .select('invite.expires_at as invited_until')
}

type Row = Awaited<ReturnType<ReturnType<typeof users>['execute']>>[number]

function toUser(row: Row, at: number): User {
  return {
    id: row.id,
    login: row.login,
    name: row.name,
    role: row.role,
    createdAt: row.created_at,
    signedInAt: row.signed_in_at,
    hasPassword: row.password !== null,
    invitedUntil: row.invited_until !== null && row.invited_until > at ? row.invited_until : null,
  }
}

async function checkFree(trx: Trx, login: string): Promise<void> {
  const other = await trx.selectFrom('user').select('id').where('login', '=', login).executeTakeFirst()
  if (other === undefined) return
  const errors = [{ pointer: '/login', detail: 'is taken' }]
  throw new Problem('name_taken', `There is an account ${JSON.stringify(login)} already.`, { errors })
}

/** One who has never signed in may never come. */
async function checkAnotherAdmin(trx: Trx, id: string): Promise<void> {
  const others = trx.selectFrom('user').select('id').where('role', '=', 'admin').where('password', 'is not', null)
  if ((await others.where('id', '!=', id).executeTakeFirst()) !== undefined) return
  throw new Problem('last_admin', 'Nobody else could administer Studio then.', {
    hint: 'Make somebody else an administrator first, and let them sign in.',
  })
}
