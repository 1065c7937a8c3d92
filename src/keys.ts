import { randomBytes } from 'node:crypto'
import { type Actor, theProgram } from './audit.ts'
import type { Clock } from './clock.ts'
import { AsyncvError } from './errors.ts'
import { newSecret, sameHash, sha256 } from './internal/secret.ts'
import { type ApiKey, everySpace, type Scope, scopes } from './key.ts'
import type { KeyStore, StoredKey } from './key-store.ts'
import { defaultSpace } from './session.ts'
import type { Page, PageRequest } from './page.ts'

export interface KeyInput {
  /** What people call it, 1 to 100 characters. */
  name: string
  /** Default: `invoke` and `read`. */
  scopes?: readonly Scope[]
  /** Default: `default`. `*` for every space, which management wants. */
  space?: string
  /** The agents it may use and see. Default: all. */
  agents?: readonly string[]
  /** ms since the epoch. Default: never. */
  expiresAt?: number
}

/** The API keys of a runtime: who may call its service, and what for. */
export interface Keys {
  /** Makes a key. `key` is the only time that the secret is seen. `by` goes into the audit log; default: the program. */
  create(input: KeyInput, by?: Actor): Promise<ApiKey & { key: string }>
  /** Throws `key_unknown`. */
  get(id: string): Promise<ApiKey>
  /** Newest first. */
  list(page?: PageRequest): Promise<Page<ApiKey>>
  /** From the next half second on it is refused, in open streams too. Throws `key_unknown`. */
  revoke(id: string, by?: Actor): Promise<ApiKey>
  /** Whose key this is; null when it is none, revoked or expired. Takes the same time for a wrong secret and a right one. */
  find(key: string): Promise<ApiKey | null>
  /** Whether the key with this id is still good. */
  inForce(id: string): Promise<boolean>
  /**
   * Whether a key was ever made; until then, whoever is on this machine may call. It stays so when the last one is revoked
   * or expires: that must not open what it closed.
   */
  exist(): Promise<boolean>
}

/** How long what was read of a key is believed: another process may revoke it. ms. */
const freshMs = 500

/** How long uses are collected before they are written. ms. */
const noteEveryMs = 60_000

/** Most keys remembered at once. */
const remembered = 10_000

const form = /^avk_([a-z0-9]{1,32})_[A-Za-z0-9_-]{43}$/

export class KeyRing implements Keys {
  readonly #store: () => KeyStore
  readonly #clock: Pick<Clock, 'now' | 'after'>
  readonly #read = new Map<string, { key: StoredKey; at: number }>()
  #exist: { any: boolean; at: number } | null = null
  #uses = new Map<string, number>()
  #cancelNote: (() => void) | null = null
  /** Nothing is remembered or noted any more: a timer would hold a process that is to end. */
  #closed = false

  /** `store` throws `not_running` while there is none. */
  constructor(store: () => KeyStore, clock: Pick<Clock, 'now' | 'after'>) {
    this.#store = store
    this.#clock = clock
  }

  async create(input: KeyInput, by: Actor = theProgram): Promise<ApiKey & { key: string }> {
    // Ids ascend with the time, by which they are listed.
    const id = `${this.#clock.now().toString(16).padStart(12, '0')}${randomBytes(4).toString('hex')}`
    const key = `avk_${id}_${newSecret()}`
    const made = { ...checked(input), id, createdAt: this.#clock.now(), revokedAt: null, lastUsedAt: null }
    await this.#store().createKey({ ...made, hash: sha256(key) }, by)
    this.#exist = null
    return { ...made, key }
  }

  async get(id: string): Promise<ApiKey> {
    const stored = await this.#store().key(id)
    if (stored === null) throw unknownKey(id)
    return withoutHash(stored)
  }

  async list(page: PageRequest = {}): Promise<Page<ApiKey>> {
    return this.#store().keys(page)
  }

  async revoke(id: string, by: Actor = theProgram): Promise<ApiKey> {
    const revoked = await this.#store().revokeKey(id, this.#clock.now(), by)
    this.#read.delete(id)
    if (revoked !== null) return revoked
    throw unknownKey(id)
  }

  async find(key: string): Promise<ApiKey | null> {
    const id = form.exec(key)?.[1]
    const stored = id === undefined ? null : await this.#look(id)
    // Also where there is nothing to compare with, so that a known id takes no longer than an unknown one.
    const same = sameHash(sha256(key), stored?.hash ?? unknown)
    if (stored === null || !same || !this.#good(stored)) return null
    this.#noteUse(stored.id)
    return withoutHash(stored)
  }

  async inForce(id: string): Promise<boolean> {
    const stored = await this.#look(id)
    return stored !== null && this.#good(stored)
  }

  async exist(): Promise<boolean> {
    const now = this.#clock.now()
    if (this.#exist === null || (!this.#exist.any && now - this.#exist.at >= freshMs)) {
      const any = await this.#store().anyKey()
      if (this.#closed) return any
      this.#exist = { any, at: now }
    }
    return this.#exist.any
  }

  /** Called when there is a store again. */
  open(): void {
    this.#closed = false
  }

  /** Writes what was not written yet, and forgets what was read. Called once by `stop()`, before the storage closes. */
  async close(): Promise<void> {
    this.#closed = true
    this.#cancelNote?.()
    this.#cancelNote = null
    this.#read.clear()
    this.#exist = null
    await this.#writeUses()
  }

  async #look(id: string): Promise<StoredKey | null> {
    const now = this.#clock.now()
    const known = this.#read.get(id)
    if (known !== undefined && now - known.at < freshMs) return known.key
    const key = await this.#store().key(id)
    if (key === null || this.#closed) return key
    if (this.#read.size >= remembered) this.#read.clear()
    this.#read.set(id, { key, at: now })
    return key
  }

  #good({ revokedAt, expiresAt }: StoredKey): boolean {
    return revokedAt === null && (expiresAt === null || expiresAt > this.#clock.now())
  }

  #noteUse(id: string): void {
    if (this.#closed) return
    this.#uses.set(id, this.#clock.now())
    this.#cancelNote ??= this.#clock.after(noteEveryMs, () => {
      this.#cancelNote = null
      void this.#writeUses()
    })
  }

  /** Nobody depends on it, so what cannot be written is not worth a failure. */
  async #writeUses(): Promise<void> {
    const uses = this.#uses
    this.#uses = new Map()
    if (uses.size > 0)
      await Promise.resolve()
        .then(() => this.#store().noteUse(uses))
        .catch(() => {})
  }
}

const unknown = sha256('')

function withoutHash({ hash: _, ...key }: StoredKey): ApiKey {
  return key
}

function unknownKey(id: string): AsyncvError {
  return new AsyncvError('key_unknown', `There is no key ${JSON.stringify(id)}.`, {
    hint: 'A key’s id is what stands between "avk_" and the next "_".',
  })
}

function checked(input: KeyInput): Pick<ApiKey, 'name' | 'scopes' | 'space' | 'agents' | 'expiresAt'> {
  const { name, scopes: wanted = ['invoke', 'read'], space = defaultSpace, agents = null, expiresAt = null } = input
  if (typeof name !== 'string' || name.trim() === '' || name.length > 100) {
    throw invalid('name', name, 'Give 1 to 100 characters.')
  }
  const odd = wanted.find((scope) => !scopes.includes(scope))
  if (odd !== undefined || wanted.length === 0) throw invalid('scopes', odd ?? [], `Known: ${scopes.join(', ')}.`)
  if (space !== everySpace && !plainName.test(space))
    throw invalid('space', space, 'Use 1 to 64 letters, digits, "_" or "-", or "*" for every space.')
  const oddAgent = agents?.find((agent) => !plainName.test(agent))
  if (oddAgent !== undefined || agents?.length === 0)
    throw invalid('agents', oddAgent ?? [], 'Name agents, or leave it out.')
  if (expiresAt !== null && !Number.isSafeInteger(expiresAt))
    throw invalid('expiresAt', expiresAt, 'Give ms since the epoch.')
  return { name, scopes: [...new Set(wanted)], space, agents: agents === null ? null : [...agents], expiresAt }
}

const plainName = /^[a-zA-Z0-9_-]{1,64}$/

function invalid(field: string, value: unknown, hint: string): AsyncvError {
  return new AsyncvError('input_invalid', `The ${field} of a key cannot be ${JSON.stringify(value)}.`, { hint })
}
