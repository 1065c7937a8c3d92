import { timingSafeEqual } from 'node:crypto'
import type { Asyncv, Scope } from 'asyncv'
import { Problem } from '../problem.ts'
import { anonymous, operator, type Principal, principalOf } from './principal.ts'

/** Finds out who sent a request with this `Authorization` header. Throws `key_missing` or `key_invalid`. */
export type Authenticate = (authorization: string | undefined) => Promise<Principal>

/**
 * Keys come as bearer tokens (RFC 6750). Until the first one is made, whoever gets here may invoke and read: the guard lets in
 * only who is on this machine. Clients of model services cannot do without a token; what is no key of ours then says
 * nothing.
 */
export function authenticator({ keys }: Pick<Asyncv, 'keys'>, operatorKey: string | null): Authenticate {
  const operatorBytes = operatorKey === null ? null : Buffer.from(operatorKey)
  return async (authorization) => {
    const token = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
    if (token?.startsWith('avk_') !== true) {
      if (!(await keys.exist())) return anonymous
      throw authorization === undefined ? missing() : invalid()
    }
    if (operatorBytes !== null && isSame(Buffer.from(token), operatorBytes)) return operator
    const found = await keys.find(token)
    if (found === null) throw invalid()
    return principalOf(found)
  }
}

/** In a time that tells nothing but whether they are equally long. */
function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}

/** RFC 6750, section 3. */
export const realm = 'Bearer realm="asyncv"'

export function missing(): Problem {
  return new Problem('key_missing', 'This service wants a key.', {
    hint: 'Send "Authorization: Bearer avk_…"; "asyncv keys create" makes one.',
    headers: { 'WWW-Authenticate': realm },
  })
}

export function invalid(): Problem {
  return new Problem('key_invalid', 'The key is unknown, revoked or expired.', {
    hint: 'Send "Authorization: Bearer avk_…" with a key that "asyncv keys list" shows as good.',
    headers: { 'WWW-Authenticate': `${realm}, error="invalid_token"` },
  })
}

/** `scope` would do, where a key can have it. */
export function beyondScope(detail: string, hint: string, scope?: Scope): Problem {
  const wanted = scope === undefined ? '' : `, scope="${scope}"`
  return new Problem('scope_missing', detail, {
    hint,
    headers: { 'WWW-Authenticate': `${realm}, error="insufficient_scope"${wanted}` },
  })
}
