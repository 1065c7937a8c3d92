/**
 * Who is signed in. A session is a random token, in a cookie or, for pages of another host, in each request; the database has
 * the hash of it and of the host that it is good for, so that no other place can use it.
 */
import { EventEmitter } from 'node:events'
import { storageProblem } from '../database/failure.ts'
import type { Database, Trx } from '../database/open.ts'
import type { UserRow } from '../database/tables.ts'
import type { Selectable } from 'kysely'
import { isToken, newToken, tokenHash } from './token.ts'

/** A session that nobody uses for so long is over. ms. */
export const idleMs = 12 * 3_600_000
/** And each one is after so long. ms. */
export const absoluteMs = 7 * 24 * 3_600_000
/** How exactly it is known when a session was last used: more would be a write for each request. ms. */
const seenEveryMs = 60_000

/** What a request shows to be let in. */
export interface Credential {
  token: string | undefined
  /** The origin of the other host that it is good for; null: Studio's own pages. */
  place: string | null
}

export interface SignedIn {
  user: Selectable<UserRow>
  /** Names the session; not what is in the cookie. */
  session: string
}

export interface Sessions {
  /** Gives the token. `place` is the origin of the other host that it is for; default null: Studio's own pages. */
  begin(trx: Trx, userId: string, place?: string | null): Promise<string>
  /** Null when the token opens nothing (any more), or not from there. */
  find(credential: Credential): Promise<SignedIn | null>
  end(trx: Trx, session: string): Promise<void>
  /** Ends all of an account's: its password, its role or its end make them anew. */
  endAll(trx: Trx, userId: string): Promise<void>
  /** Aborted when the session ends in this process: what streams to it is cut. Call `stop` when that is over. */
  watch(signedIn: SignedIn): { signal: AbortSignal; stop(): void }
}

export function createSessions(db: Database, now: () => number): Sessions {
  const ends = new EventEmitter().setMaxListeners(0)
  return { begin, find, end, endAll, watch }

  async function begin(trx: Trx, userId: string, place: string | null = null): Promise<string> {
    const token = newToken()
    const at = now()
    // Nobody else sweeps: those that are over go when somebody comes.
    await trx
      .deleteFrom('session')
      .where((is) => is.or([is('expires_at', '<=', at), is('seen_at', '<=', at - idleMs)]))
      .execute()
    const row = { token_hash: hashOf(token, place), user_id: userId, created_at: at, seen_at: at }
    await trx
      .insertInto('session')
      .values({ ...row, expires_at: at + absoluteMs })
      .execute()
    await trx.updateTable('user').set({ signed_in_at: at }).where('id', '=', userId).execute()
    return token
  }

  async function find(credential: Credential): Promise<SignedIn | null> {
    const { token, place } = credential
    if (token === undefined || !isToken(token)) return null
    const session = hashOf(token, place)
    const at = now()
    const row = await db
      .selectFrom('session')
      .innerJoin('user', 'user.id', 'session.user_id')
      .selectAll('user')
      .select('session.seen_at')
      .where('token_hash', '=', session)
      .where('expires_at', '>', at)
      .where('seen_at', '>', at - idleMs)
      .executeTakeFirst()
    if (row === undefined) return null
    const { seen_at, ...user } = row
    // What is still to come was written down before the clock was set back.
    if (Math.abs(at - seen_at) >= seenEveryMs) {
      // It may end before this is written, with nobody to tell.
      if (await noteUse(session, at)) return find(credential)
    }
    return { user, session }
  }

  /** False where the database takes nothing: who is signed in can still read. */
  async function noteUse(session: string, at: number): Promise<boolean> {
    try {
      await db.updateTable('session').set({ seen_at: at }).where('token_hash', '=', session).execute()
      return true
    } catch (error) {
      if (storageProblem(error) === null) throw error
      return false
    }
  }

  async function end(trx: Trx, session: string): Promise<void> {
    await trx.deleteFrom('session').where('token_hash', '=', session).execute()
    ends.emit(session)
  }

  async function endAll(trx: Trx, userId: string): Promise<void> {
    await trx.deleteFrom('session').where('user_id', '=', userId).execute()
    ends.emit(userId)
  }

  function watch({ user, session }: SignedIn): { signal: AbortSignal; stop(): void } {
    const controller = new AbortController()
    const abort = (): void => controller.abort()
    for (const name of [session, user.id]) ends.on(name, abort)
    return {
      signal: controller.signal,
      stop() {
        for (const name of [session, user.id]) ends.off(name, abort)
      },
    }
  }
}

/** No token has a space in it, so that none can be made to look like another with its host. */
function hashOf(token: string, place: string | null): string {
  return tokenHash(place === null ? token : `${place} ${token}`)
}
