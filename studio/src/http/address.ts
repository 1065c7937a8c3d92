import type { Context } from 'hono'

/**
 * Where a request comes from; null where that cannot be known. Behind a proxy the last one that it names is who it heard,
 * and there is a proxy where a public URL is said.
 */
export function addressOf(c: Context, publicUrl: URL | null): string | null {
  const forwarded = publicUrl === null ? undefined : c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()
  const bindings = c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined
  const address = forwarded || bindings?.incoming?.socket?.remoteAddress
  return address?.replace(/^::ffff:/, '').slice(0, 100) ?? null
}
