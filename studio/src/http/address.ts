import type { Context } from 'hono'
import type { IsProxy } from './proxies.ts'

/**
 * Where a request comes from; null where that cannot be known. Anybody can say `X-Forwarded-For`, so only what a trusted proxy
 * says counts: each adds whom it heard on the right, and the first from there that is no proxy of ours is who asked.
 */
export function addressOf(c: Context, isProxy: IsProxy): string | null {
  const bindings = c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined
  const given = bindings?.incoming?.socket?.remoteAddress
  if (given === undefined) return null
  const peer = plain(given)
  if (!isProxy(peer)) return peer
  const way = (c.req.header('x-forwarded-for') ?? '').split(',').map(plain).filter(Boolean)
  return (way.findLast((address) => !isProxy(address)) ?? way[0] ?? peer).slice(0, 100)
}

/** An IPv4 address is one also where it is written as IPv6. */
function plain(address: string): string {
  return address.trim().replace(/^::ffff:/, '')
}
