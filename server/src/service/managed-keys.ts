import { type ApiKey, everySpace, type KeyInput, type Keys } from 'asyncv'
import { beyondScope } from './authenticator.ts'
import { actorOf, operator, type Principal } from './principal.ts'

export interface ManagedKeys extends Pick<Keys, 'list'> {
  create(input: KeyInput): Promise<ApiKey & { key: string }>
  revoke(id: string): Promise<ApiKey>
}

/**
 * API keys as one principal may manage them. Keys for every space are the operator's alone to make and to revoke: whoever
 * gets hold of a key that configures could otherwise make its successor, which lives on when that one is revoked. For the
 * same reason a key makes none that may do more than itself, or longer. It may end itself.
 */
export function managedKeys(keys: Keys, principal: Principal): ManagedKeys {
  const by = actorOf(principal)
  const isOperator = principal === operator
  return {
    list: (page) => keys.list(page),
    async create(input) {
      if (!isOperator) checkNoMore(input, principal)
      return keys.create(input, by)
    },
    async revoke(id) {
      if (!isOperator && id !== principal.key && (await keys.get(id)).space === everySpace) {
        throw beyondScope('A key for every space is revoked with the operator key alone.', onHost)
      }
      return keys.revoke(id, by)
    },
  }
}

const onHost = 'The commands on the host of the runtime use it, such as asyncv keys.'

/** Throws `scope_missing`. */
function checkNoMore({ space, scopes = ['invoke', 'read'], expiresAt }: KeyInput, own: Principal): void {
  if (space === everySpace) {
    throw beyondScope('A key for every space is made with the operator key alone.', onHost)
  }
  const missing = scopes.filter((scope) => !own.scopes.has(scope))
  if (missing.length > 0) {
    const names = missing.join(', ')
    throw beyondScope(
      `A key makes none with more scopes than its own: it has no ${names}.`,
      `Leave ${names} out, or make it on the host of the runtime, with asyncv keys create.`,
    )
  }
  if (own.expiresAt !== null && (expiresAt ?? Number.POSITIVE_INFINITY) > own.expiresAt) {
    throw beyondScope(
      `A key makes none that outlives it: it expires at ${own.expiresAt}.`,
      `Give expiresAt, ${own.expiresAt} or earlier.`,
    )
  }
}
