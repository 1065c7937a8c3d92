import type { Context } from 'hono'
import type { AppOrigin } from '../app-origins.ts'
import { appOriginOf } from './sender.ts'

/** Where people reach Studio, as far as a request says; the guard has let its Host in. */
function originOf(c: Context, publicUrl: URL | null): string {
  return publicUrl?.origin ?? `http://${c.req.header('host') ?? new URL(c.req.url).host}`
}

/** Where the pages are to which a link shall lead: on the host that asks for it, or the first that has them, or here. No "/" at the end. */
export function pagesFor(
  c: Context,
  { publicUrl, appOrigins }: { publicUrl: URL | null; appOrigins: readonly AppOrigin[] },
): string {
  return (appOriginOf(c.req.raw) ?? appOrigins[0])?.url ?? originOf(c, publicUrl)
}
