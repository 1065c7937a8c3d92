/** What a caller of the service identifies itself with. The secret is shown once, when the key is made. */
export interface ApiKey {
  /** The part of the key between `avk_` and the secret; no secret itself. */
  id: string
  /** What people call it. */
  name: string
  /** Callers of one space see nothing of another. `*` for every space. */
  space: string
  scopes: Scope[]
  /** The agents it may use and see; null for all. */
  agents: string[] | null
  createdAt: number
  /** From then on it is refused; null for never. */
  expiresAt: number | null
  revokedAt: number | null
  /** When it was last used, to the minute. */
  lastUsedAt: number | null
}

/** The space of a key that sees every space. What it sends belongs to the default one. */
export const everySpace = '*'

/**
 * What a key may be good for: `invoke` sends messages and follows and cancels their tasks, `read` looks at everything of
 * its space, `operate` retries and discards, `configure` changes what the runtime is. Beyond messages
 * they concern a whole runtime: `operate` and `configure` open its management to a key of every space that names no agents.
 */
export const scopes = ['invoke', 'read', 'operate', 'configure'] as const

export type Scope = (typeof scopes)[number]
