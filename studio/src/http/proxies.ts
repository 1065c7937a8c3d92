import { BlockList, isIP } from 'node:net'
import { StudioError } from '../studio-error.ts'

/** Whether an address is one of a proxy's, whose word about where a request came from counts. */
export type IsProxy = (address: string) => boolean

/** Single addresses, or subnets such as `10.0.0.0/8`. Throws `config_invalid` with the one that is none. */
export function readProxies(given: readonly string[]): IsProxy {
  const list = new BlockList()
  for (const entry of given) {
    const [address = '', bits, ...more] = entry.split('/')
    const version = isIP(address)
    const most = version === 6 ? 128 : 32
    // Number('') is 0, and so "10.0.0.0/" would be everybody.
    const isSubnet = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
    if (version === 0 || !isSubnet || more.length > 0) throw noAddress(entry)
    list.addSubnet(address, Number(bits ?? most), version === 6 ? 'ipv6' : 'ipv4')
  }
  return (address) => given.length > 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

function noAddress(entry: string): StudioError {
  return new StudioError(
    'config_invalid',
    `Among the proxies that Studio trusts is ${JSON.stringify(entry)}, which is no address.`,
    'Write addresses or subnets of your proxies, such as "127.0.0.1" or "10.0.0.0/8".',
  )
}
