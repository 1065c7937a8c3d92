/**
 * On Studio's own origin a cookie says who is signed in, out of reach of scripts. Browsers keep cookies from a page of another
 * host, so there the page has a token and says it in each request: kept for this tab and its reloads, and for this service alone.
 */
import type { Entered } from '../../src/schemas/account.ts'
import { service } from './place.ts'

const tokenPlace = `studio.token ${service}`
const devicePlace = `studio.device ${service}`

let token = service === '' ? null : read(() => sessionStorage, tokenPlace)

/** What is sent with each request. */
export function credential(): Record<string, string> {
  return token === null ? {} : { authorization: `Bearer ${token}` }
}

/** After somebody has signed in. */
export function keepEntry(entry: Entered['entry']): void {
  if (entry === undefined) return
  token = entry.token
  write(() => sessionStorage, tokenPlace, token)
  write(() => localStorage, devicePlace, entry.device)
}

export function forgetEntry(): void {
  token = null
  write(() => sessionStorage, tokenPlace, null)
}

/** Opens nothing: with it, wrong passwords that others tried keep nobody out of this browser. */
export function knownDevice(): string | undefined {
  return read(() => localStorage, devicePlace) ?? undefined
}

function read(storage: () => Storage, place: string): string | null {
  try {
    return storage().getItem(place)
  } catch {
    return null
  }
}

function write(storage: () => Storage, place: string, value: string | null): void {
  try {
    if (value === null) storage().removeItem(place)
    else storage().setItem(place, value)
  } catch {
    // Then it holds until the page is left.
  }
}
