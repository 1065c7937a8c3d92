import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Entry } from '../accounts/accounts.ts'
import { absoluteMs } from '../accounts/sessions.ts'

const sessionCookie = 'asyncv_studio'
/** Opens nothing; see `accounts/throttle.ts`. */
const deviceCookie = 'asyncv_studio_device'
const deviceSeconds = 365 * 24 * 3_600

export interface Cookies {
  session(c: Context): string | undefined
  device(c: Context): string | undefined
  enter(c: Context, entry: Entry): void
  leave(c: Context): void
}

/** No script reads them, no other site sends them, and behind https they leave by https alone. */
export function cookiesFor(publicUrl: URL | null): Cookies {
  const safe = { httpOnly: true, sameSite: 'Strict', path: '/', secure: publicUrl?.protocol === 'https:' } as const
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
