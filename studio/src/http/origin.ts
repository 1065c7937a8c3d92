import type { Context } from 'hono'

/** Where people reach Studio, as far as a request says; the guard has let its Host in. */
export function originOf(c: Context, publicUrl: URL | null): string {
  return publicUrl?.origin ?? `http://${c.req.header('host') ?? new URL(c.req.url).host}`
}
