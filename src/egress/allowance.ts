import ipaddr from 'ipaddr.js'
import { AsyncvError } from '../errors.ts'
import { isPublic } from './address.ts'

/** What may be reached besides public addresses. */
export interface Allowance {
  name(host: string): boolean
  address(address: string): boolean
}

const hostname = /^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*$/

/** Throws `config_invalid` with the entry that is none. */
export function allowanceOf(entries: readonly string[]): Allowance {
  const subnets: [ipaddr.IPv4 | ipaddr.IPv6, number][] = []
  const names: string[] = []
  for (const entry of entries) {
    const lower = entry.toLowerCase()
    if (ipaddr.isValidCIDR(lower)) subnets.push(ipaddr.parseCIDR(lower))
    else if (ipaddr.isValid(lower)) subnets.push(withWholeMask(ipaddr.process(lower)))
    else if (hostname.test(lower)) names.push(lower)
    else {
      throw new AsyncvError('config_invalid', `The egress allow-list has ${JSON.stringify(entry)}.`, {
        hint: 'Write an address, a subnet such as "10.0.0.0/8", or a name such as "intranet.example" or "*.corp.example".',
      })
    }
  }
  return {
    name: (host) => names.some((name) => (name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name)),
    address: (address) => isPublic(address) || subnets.some((subnet) => contains(subnet, address)),
  }
}

function withWholeMask(address: ipaddr.IPv4 | ipaddr.IPv6): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

function contains([network, bits]: [ipaddr.IPv4 | ipaddr.IPv6, number], given: string): boolean {
  if (!ipaddr.isValid(given)) return false
  const address = ipaddr.process(given)
  return address.kind() === network.kind() && address.match(network, bits)
}
