import { theProgram } from '../audit.ts'
import { AsyncvError, toErrorRecord } from '../errors.ts'
import type { Logger } from '../logger.ts'
import { Secret } from '../secret.ts'
import type { SecretStore, StoredSecret } from '../secret-store.ts'
import { fingerprintOf, seal, unseal } from './cipher.ts'
import { Hiding } from './hiding.ts'
import { checkedInput, checkedOrigins, mostSecrets } from './input.ts'
import { type MasterKey, readMasterKey } from './master-key.ts'
import type { SecretInfo, SecretInput, Secrets } from './secrets.ts'

export interface VaultOptions {
  /** The master key: 32 bytes, in base64 or hexadecimal. Without one nothing can be kept, and what is kept stays shut. */
  key?: string | Uint8Array
  /** Where a name is looked for that the vault does not have, such as the environment. Default: nowhere. */
  elsewhere?: (name: string) => string | undefined
}

/** What a part does with a secret. */
export interface SecretUse {
  /** Where it stands, for messages, such as `providers.main.options.apiKey`. Default: `vault.secret`. */
  place?: string
  /**
   * Where it may be sent as long as nobody has bound it in the vault. Default: to every origin, since who writes the program
   * says where it goes.
   */
  origins?: readonly string[]
  /** The part may be replaced by a release: where one is in force, the runtime starts without the secret. Default: false. */
  replaceable?: boolean
}

/** What counts while nobody has bound a secret in the vault. */
export interface UsualUse {
  /** Where it may be sent; null for everywhere. */
  origins: readonly string[] | null
  /** Whether it may come from elsewhere when the vault does not have it. */
  elsewhere: boolean
}

interface Held {
  row: StoredSecret
  /** Null when it cannot be opened. */
  value: string | null
}

/** Makes the vault of one runtime: pass it as `vault`, and its secrets to parts. Throws `config_invalid` for a wrong key. */
export function createVault(options: VaultOptions = {}): Vault {
  return new Vault(options)
}

/**
 * Secrets in the database, and what is known of them elsewhere. Read once when the runtime starts: only the owner of a
 * database writes to it, so what is in memory is what is stored.
 */
export class Vault implements Secrets {
  readonly #key: MasterKey | null
  readonly #elsewhere: (name: string) => string | undefined
  readonly #uses: { name: string; place: string; origins: readonly string[] | null; replaceable: boolean }[] = []
  readonly #held = new Map<string, Held>()
  readonly #hiding = new Hiding()
  #store: SecretStore | null = null
  #now: () => number = Date.now
  /** Changes come one after the other: the next version follows from the one before. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor({ key, elsewhere = () => undefined }: VaultOptions) {
    this.#key = key === undefined ? null : readMasterKey(key)
    this.#elsewhere = elsewhere
  }

  /** What the key is called in messages; null without one. */
  get keyId(): string | null {
    return this.#key?.id ?? null
  }

  /** A secret for the options of a part. The runtime does not start when it is nowhere. */
  secret(name: string, { place = 'vault.secret', origins, replaceable = false }: SecretUse = {}): Secret {
    const usual = origins === undefined ? null : checkedOrigins(origins)
    this.#uses.push({ name, place, origins: usual, replaceable })
    return new Secret(
      name,
      (origin) => this.#reveal(name, { origins: usual, elsewhere: true }, origin),
      this.#hiding.text,
    )
  }

  /** A secret for a part of a release: it need not be there when the runtime starts. */
  forRelease(name: string, usual: UsualUse): Secret {
    return new Secret(name, (origin) => this.#reveal(name, usual, origin), this.#hiding.text)
  }

  /** Whether the vault has it, has it and cannot read it, or does not have it. */
  state(name: string): 'kept' | 'shut' | 'none' {
    const held = this.#held.get(name)
    if (held === undefined) return 'none'
    return held.value === null ? 'shut' : 'kept'
  }

  /**
   * For parts that take texts, and have to be made before the vault opens: from now on it knows what `store` has, until it is
   * opened. Rejects when that cannot be read.
   */
  async lookAhead(store: Pick<SecretStore, 'secrets'>): Promise<void> {
    for (const row of await store.secrets()) this.#hold(row)
  }

  /**
   * What a name stands for as a text, which is hidden from now on: in the vault, else elsewhere, else as `otherwise` says.
   * Null for one that is no text: it cannot be read, or it is bound to origins, which nothing does with a text.
   */
  text(name: string, otherwise: (name: string) => string | undefined): string | null | undefined {
    const held = this.#held.get(name)
    if (held !== undefined) return held.row.origins === null ? held.value : null
    const value = this.#fromElsewhere(name) ?? otherwise(name)
    if (value !== undefined && value !== '') this.#hiding.learn(name, value)
    return value
  }

  /** What a name stands for where the vault does not have it; undefined when nothing does. */
  elsewhere(name: string): string | undefined {
    return this.#fromElsewhere(name)
  }

  /** The origins that the vault binds it to; null where nobody said. */
  boundOrigins(name: string): readonly string[] | null {
    return this.#held.get(name)?.row.origins ?? null
  }

  /** Where the operator's own file, or the program, sends it; null for everywhere, undefined when they do not use it. */
  usedOrigins(name: string): readonly string[] | null | undefined {
    const uses = this.#uses.filter((use) => use.name === name)
    if (uses.length === 0) return undefined
    if (uses.some(({ origins }) => origins === null)) return null
    return [...new Set(uses.flatMap(({ origins }) => origins ?? []))]
  }

  /** A text without the values of secrets, as they are and as they were since the start. */
  hide(text: string): string {
    return this.#hiding.text(text)
  }

  /** A logger whose lines have no values of secrets. */
  logger(logger: Logger): Logger {
    return this.#hiding.logger(logger)
  }

  /** Called by the runtime before anything uses a secret. Throws `config_invalid` or `secret_unreadable` when one that is used cannot be. */
  async open(
    store: SecretStore,
    { now, logger, replaced = false }: { now(): number; logger: Logger; replaced?: boolean },
  ): Promise<void> {
    const rows = await store.secrets()
    this.#held.clear()
    for (const row of rows) this.#hold(row)
    this.#store = store
    this.#now = now
    const shut = [...this.#held.values()].find(({ value }) => value === null)
    if (shut !== undefined) logger.warn({ error: toErrorRecord(this.#unreadable(shut.row)) }, 'a secret cannot be read')
    const needed = this.#needed(replaced)
    for (const { name } of needed) {
      const held = this.#held.get(name)
      if (held?.value === null) throw this.#unreadable(held.row)
    }
    checkThere(needed, (name) => this.#held.has(name) || this.#fromElsewhere(name) !== undefined)
  }

  /** Whether every secret that is used is there, with what a vault `holds`. Throws `config_invalid` that names each one that is not. */
  checkUses(holds: readonly string[], { replaced = false }: { replaced?: boolean } = {}): void {
    checkThere(this.#needed(replaced), (name) => holds.includes(name) || this.#fromElsewhere(name) !== undefined)
  }

  /** Called once nothing uses them any more. Values go; what was known is hidden still. */
  async close(): Promise<void> {
    await this.#turn.catch(() => {})
    this.#store = null
    this.#held.clear()
  }

  async list(): Promise<SecretInfo[]> {
    this.#opened()
    return [...this.#held.values()].map((held) => this.#info(held)).sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  async get(name: string): Promise<SecretInfo> {
    this.#opened()
    const held = this.#held.get(name)
    if (held === undefined) throw unknown(name)
    return this.#info(held)
  }

  async put(given: SecretInput, by = theProgram): Promise<SecretInfo> {
    const { name, value, origins } = checkedInput(given)
    return this.#inTurn(async () => {
      const store = this.#opened()
      const key = this.#key
      if (key === null) throw keyless()
      const held = this.#held.get(name)
      const before = held?.row
      if (before === undefined && this.#held.size >= mostSecrets) throw full()
      const version = (before?.version ?? 0) + 1
      // Those of a row that does not open may be somebody else's: set anew, it must not be sent there.
      const bound = origins !== undefined ? origins : held?.value == null ? null : held.row.origins
      const row = seal({ name, version, origins: bound, at: this.#now() }, value, key)
      this.#hiding.learn(name, value)
      await store.putSecret(row, by)
      return this.#info(this.#hold(row))
    })
  }

  async remove(name: string, by = theProgram): Promise<SecretInfo> {
    return this.#inTurn(async () => {
      const store = this.#opened()
      const held = this.#held.get(name)
      if (held === undefined) throw unknown(name)
      await store.removeSecret(name, this.#now(), by)
      this.#held.delete(name)
      return this.#info(held)
    })
  }

  /** What has to be there: where a release has replaced parts of the file, not what only those use. */
  #needed(replaced: boolean) {
    return this.#uses.filter((use) => !replaced || !use.replaceable)
  }

  #reveal(name: string, usual: UsualUse, origin: string): string {
    this.#opened()
    const held = this.#held.get(name)
    const value = held === undefined ? (usual.elsewhere ? this.#fromElsewhere(name) : undefined) : held.value
    if (value === undefined) throw unknown(name)
    if (value === null) throw this.#unreadable((held as Held).row)
    const bound = held?.row.origins ?? usual.origins
    if (bound === null || bound.includes(origin)) return value
    throw new AsyncvError(
      'secret_refused',
      `The secret ${name} is bound to ${bound.join(', ') || 'no origin'}, and was not sent to ${origin}.`,
      {
        hint: `If it belongs there, bind it: asyncv secrets set ${name} --origins ${[...bound, origin].join(',')}`,
      },
    )
  }

  #fromElsewhere(name: string): string | undefined {
    const value = this.#elsewhere(name)
    if (value === undefined || value === '') return undefined
    this.#hiding.learn(name, value)
    return value
  }

  #hold(row: StoredSecret): Held {
    const held = { row, value: this.#key === null ? null : unseal(row, this.#key) }
    if (held.value !== null) this.#hiding.learn(row.name, held.value)
    this.#held.set(row.name, held)
    return held
  }

  #info({ row, value }: Held): SecretInfo {
    const { name, version, origins, keyId, at } = row
    const fingerprint = value === null || this.#key === null ? null : fingerprintOf(name, value, this.#key)
    return { name, version, origins, fingerprint, keyId, updatedAt: at }
  }

  #unreadable({ name, keyId }: StoredSecret): AsyncvError {
    const mine = this.#key?.id
    const why =
      mine === undefined
        ? `it was sealed with master key ${keyId}, and there is none here`
        : mine === keyId
          ? `its row was changed since it was sealed with master key ${keyId}`
          : `it was sealed with master key ${keyId}, and the one here is ${mine}`
    return new AsyncvError('secret_unreadable', `The secret ${name} cannot be read: ${why}.`, {
      hint: `Bring that key back (ASYNCV_MASTER_KEY, or vault.key beside the database); if it is lost, set the secret again: asyncv secrets set ${name}, or remove it.`,
    })
  }

  #opened(): SecretStore {
    if (this.#store !== null) return this.#store
    throw new AsyncvError('not_running', 'The vault is not open.', { hint: 'Call start() first.', retryable: true })
  }

  #inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.catch(() => {}).then(change)
    this.#turn = turn.catch(() => {})
    return turn
  }
}

function checkThere(uses: readonly { name: string; place: string }[], isThere: (name: string) => boolean): void {
  const missing = uses.filter(({ name }) => !isThere(name))
  if (missing.length === 0) return
  const problems = missing.map(({ name, place }) => `${place}: there is no secret ${name}.`)
  throw new AsyncvError('config_invalid', problems.join('\n'), {
    hint: 'Set it with "asyncv secrets set NAME", or in the environment or .env beside the configuration, as NAME or as a file that NAME_FILE names.',
  })
}

function unknown(name: string): AsyncvError {
  return new AsyncvError('secret_unknown', `There is no secret ${JSON.stringify(name)}.`, {
    hint: `Set it: asyncv secrets set ${name}`,
  })
}

function keyless(): AsyncvError {
  return new AsyncvError('vault_keyless', 'The vault has no master key, so it keeps nothing.', {
    hint: 'Pass vault: createVault({ key }) to createAsyncv; "asyncv start" makes a key by itself.',
  })
}

function full(): AsyncvError {
  return new AsyncvError('input_invalid', `The vault keeps ${mostSecrets} secrets and no more.`, {
    hint: 'Remove those that nothing uses.',
  })
}
