import type { Actor } from '../audit.ts'
import type { Deed } from '../audit-store.ts'
import type { TrustChange } from '../trusted.ts'

/** A change of the trust list as the audit log tells it. */
export function trustDeed({ action, publisher, fingerprint, replaced }: TrustChange, by: Actor, at: number): Deed {
  const key = { fingerprint }
  const [before, after] =
    action === 'trust.removed' ? [key, null] : [replaced === undefined ? null : { fingerprint: replaced }, key]
  return { at, by, action, target: publisher, before, after }
}
