import { type Actor, type ApiKey, defaultSpace, everySpace, type Scope, scopes } from 'asyncv'

/** Who asks, and what that allows. */
export interface Principal {
  /** The id of the key; null where none was needed. */
  key: string | null
  /** What people call the key; null where there is none. */
  name: string | null
  /** What it sees; null for every space. */
  space: string | null
  scopes: ReadonlySet<Scope>
  /** The agents it may use and see; null for all. */
  agents: readonly string[] | null
  /** ms since the epoch; null for never. */
  expiresAt: number | null
}

/** Whoever is on this machine, as long as there are no keys. */
export const anonymous: Principal = {
  key: null,
  name: null,
  space: defaultSpace,
  scopes: new Set(['invoke', 'read']),
  agents: null,
  expiresAt: null,
}

/** Who has the operator key, a file on the host. */
export const operator: Principal = {
  key: 'operator',
  name: null,
  space: null,
  scopes: new Set(scopes),
  agents: null,
  expiresAt: null,
}

/** Whose key this is. */
export function principalOf({ id, name, space, scopes, agents, expiresAt }: ApiKey): Principal {
  return { key: id, name, space: space === everySpace ? null : space, scopes: new Set(scopes), agents, expiresAt }
}

/** As the audit log names them. Whoever has no key cannot do what is written down. */
export function actorOf(principal: Principal): Actor {
  const { key, name } = principal
  return principal === operator ? { id: 'operator', name } : { id: `key:${key}`, name }
}
