import type { Context } from 'hono'
import type { Credential } from '../accounts/sessions.ts'
import type { Cookies } from './cookies.ts'
import { appOriginOf } from './sender.ts'

/**
 * A page of Studio's own has its cookie; one of another host, where cookies do not go, says its token in each request. Neither is
 * taken for the other, so what a browser sends by itself opens nothing to another host.
 */
export function credentialOf(c: Context, cookies: Cookies): Credential {
  const from = appOriginOf(c.req.raw)
  if (from === null) return { token: cookies.session(c), place: null }
  return { token: /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1], place: from.origin }
}
