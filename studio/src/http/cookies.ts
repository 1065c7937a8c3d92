import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Entry } from '../accounts/accounts.ts'
import { absoluteMs } from '../accounts/sessions.ts'

const deviceSeconds = 365 * 24 * 3_600

export interface Cookies {
  session(c: Context): string | undefined
  device(c: Context): string | undefined
  enter(c: Context, entry: Entry): void
  leave(c: Context): void
}

/**
 * No script reads them, no other site sends them. Behind https they leave by https alone, and their names say what a browser then
 * holds them to: another host below the same domain cannot put its own in their place (RFC 6265bis, "The __Host- Prefix").
 */
export function cookiesFor(publicUrl: URL | null): Cookies {
  const secure = publicUrl?.protocol === 'https:'
  const safe = { httpOnly: true, sameSite: 'Strict', path: '/', secure } as const
  const sessionCookie = `${secure ? '__Host-' : ''}asyncv_studio`
  // It opens nothing; see `accounts/throttle.ts`.
  const deviceCookie = `${sessionCookie}_device`
  return {
    session: (c) => getCookie(c, sessionCookie),
    device: (c) => getCookie(c, deviceCookie),
    enter(c, { token, device }) {
      setCookie(c, sessionCookie, token, { ...safe, maxAge: absoluteMs / 1000 })
      setCookie(c, deviceCookie, device, { ...safe, maxAge: deviceSeconds })
    },
    leave: (c) => void deleteCookie(c, sessionCookie, safe),
  }
}
