import { defaultSpace, type Scope, scopes } from 'asyncv'

/** Who asks, and what that allows. */
export interface Principal {
  /** The id of the key; null where none was needed. */
  key: string | null
  /** What it sees; null for every space. */
  space: string | null
  scopes: ReadonlySet<Scope>
  /** The agents it may use and see; null for all. */
  agents: readonly string[] | null
}

/** Whoever is on this machine, as long as there are no keys. */
export const anonymous: Principal = {
  key: null,
  space: defaultSpace,
  scopes: new Set(['invoke', 'read']),
  agents: null,
}

/** Who has the operator key, a file on the host. */
export const operator: Principal = { key: 'operator', space: null, scopes: new Set(scopes), agents: null }
