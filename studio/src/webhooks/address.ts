/** Where a webhook may lead: what an administrator types must not make Studio knock at doors of its own network. */
import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Null when it may; else why not. A name is judged when it is looked up. */
export function addressProblem(given: string, { allowPrivate }: { allowPrivate: boolean }): string | null {
  if (!URL.canParse(given)) return 'is no URL'
  const { protocol, username, password, hostname } = new URL(given)
  if (protocol !== 'https:' && protocol !== 'http:') return 'needs to begin with https:// or http://'
  if (username !== '' || password !== '') return 'holds a user or a password; what is sent is signed instead'
  const host = hostname.replace(/^\[|\]$/g, '')
  if (allowPrivate || isIP(host) === 0 || isPublic(host)) return null
  return privateAddress
}

/** As far as everybody may know it who reads the audit log: what follows the host is often what opens a webhook. */
export function hostOf(url: string): string {
  return new URL(url).origin
}

/** Looks a name up once and connects to what was looked at. */
export function publicLookup(lookup: typeof systemLookup = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error !== null) return callback(error, '')
      const allowed = found.filter(({ address }) => isPublic(address))
      const [first] = allowed
      if (first === undefined) return callback(Object.assign(new Error(privateAddress), { code: 'EPRIVATE' }), '')
      if (options.all) return callback(null, allowed)
      callback(null, first.address, first.family)
    })
  }
}

const privateAddress = 'leads to no public address, and this Studio was not started to send to private ones'

/** Not of this machine, this network, or nobody (IANA's registries of special-purpose addresses); mapped IPv4 is what it is. */
function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast'
}
