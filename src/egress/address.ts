import ipaddr from 'ipaddr.js'

/**
 * Whether an address is anybody's in the Internet, and not one of this machine, this network or nobody (IANA's registries of
 * special-purpose addresses). What wraps an IPv4 address is what that is.
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  if (parsed.range() === 'unicast') return true
  const inside = wrapped(parsed)
  return inside !== null && isPublic(inside)
}

/** NAT64 (RFC 6052), which leads to the IPv4 address in its last 32 bits. Tunnels of old (6to4, Teredo) are refused whole. */
function wrapped(address: ipaddr.IPv4 | ipaddr.IPv6): string | null {
  if (!(address instanceof ipaddr.IPv6) || address.range() !== 'rfc6052') return null
  return new ipaddr.IPv4(address.toByteArray().slice(12)).toString()
}
