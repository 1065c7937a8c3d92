import { AsyncvError } from 'asyncv'
import type { Context } from 'hono'
import { BlockList, isIP } from 'node:net'

/** Where a request came from and what it was sent to, before any proxy that is trusted. */
export interface Sender {
  /** Null where that cannot be known: in an app that mounts the service, and behind a proxy that nobody trusts or that says it in other words. */
  address: string | null
  /** As in a Host header. */
  host: string
  protocol: 'http:' | 'https:'
  /** Whether something stands in between, trusted or not. */
  isForwarded: boolean
}

export type SenderOf = (c: Context) => Sender

/**
 * Proxies say whom they speak for in `X-Forwarded-For`, `-Host` and `-Proto` (developer.mozilla.org, "X-Forwarded-For"). So
 * can anybody else, so that counts from the addresses in `trusted` only: single ones, or subnets such as `10.0.0.0/8`.
 * Throws `config_invalid` with the one that is none.
 */
export function senders(trusted: readonly string[]): SenderOf {
  const list = listOf(trusted)
  const isTrusted = (address: string): boolean =>
    trusted.length > 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  return (c) => {
    // Who mounts the service may hand in a request that never was on a wire; its URL says whom it is for.
    const host = c.req.header('host') ?? new URL(c.req.url).host
    const protocol = c.req.url.startsWith('https:') ? 'https:' : 'http:'
    const peer = peerOf(c)
    const forwarded = c.req.header('x-forwarded-for')
    const isForwarded = forwarded !== undefined || c.req.header('forwarded') !== undefined
    if (peer === null || !isTrusted(peer)) return { address: isForwarded ? null : peer, host, protocol, isForwarded }
    // Each adds whom it heard on the right: the first from there that is no proxy of ours is the client.
    const way = (forwarded ?? '')
      .split(/\s*,\s*/)
      .filter(Boolean)
      .map(plain)
    const client = way.findLast((address) => isIP(address) === 0 || !isTrusted(address))
    // Whom it names in `Forwarded` (RFC 7239) is not read here, and need not be this machine.
    const unnamed = c.req.header('forwarded') === undefined ? peer : null
    return {
      address: client ?? way[0] ?? unnamed,
      host: c.req.header('x-forwarded-host') ?? host,
      protocol: c.req.header('x-forwarded-proto') === 'https' ? 'https:' : protocol,
      isForwarded,
    }
  }
}

function peerOf(c: Context): string | null {
  const bindings = c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined
  const address = bindings?.incoming?.socket?.remoteAddress
  return address === undefined ? null : plain(address)
}

/** An IPv4 address is one also where it is written as IPv6. */
function plain(address: string): string {
  return address.replace(/^::ffff:/, '').replace(/^\[|\]$/g, '')
}

function listOf(trusted: readonly string[]): BlockList {
  const list = new BlockList()
  for (const entry of trusted) {
    const [address = '', bits, ...more] = entry.split('/')
    const version = isIP(address)
    const most = version === 6 ? 128 : 32
    const prefix = bits === undefined ? most : Number(bits)
    // Number('') is 0, and so "10.0.0.0/" would be everybody.
    const isPrefix = more.length === 0 && (bits === undefined || /^\d+$/.test(bits)) && prefix <= most
    if (version === 0 || !isPrefix) {
      throw new AsyncvError('config_invalid', `server.trustProxy has ${JSON.stringify(entry)}, which is no address.`, {
        hint: 'Write an address or a subnet of your proxies, such as "127.0.0.1" or "10.0.0.0/8".',
      })
    }
    list.addSubnet(address, prefix, version === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}
