/**
 * What secrets a release may use, and where they may go. A name stands for what is in the vault, or in the environment where
 * the operator said so; and nothing in a release can send it anywhere but to the official origin of what uses it, or to where
 * the operator has widened it.
 */
import { z } from 'zod'
import { inlineSecrets } from '../internal/inline-secrets.ts'
import type { PlacedProblem } from '../internal/issue.ts'
import { type Path, secretName, urlsIn } from '../internal/part-options.ts'
import type { PartDefinition, PartSources } from '../part-making.ts'
import type { ReleaseGrants } from '../release-store.ts'
import type { Vault } from '../vault/vault.ts'

export interface SecretRules {
  vault: Vault
  /**
   * Names that a release may take from the environment. Those that the operator's own file or program uses as secrets count as
   * well, where they stay secrets: as texts nothing would bind them to where they may go.
   */
  environment: readonly string[]
  /** What the same document was granted when it was applied before: the file of now takes nothing of that away. */
  granted: ReleaseGrants | null
}

/** Makes a note of each secret that a part takes, and of what lets it. */
export class Granting {
  readonly #texts = new Set<string>()
  readonly #secrets: Record<string, { origins: string[] | null; elsewhere: boolean }> = {}

  text(name: string): void {
    this.#texts.add(name)
  }

  /** Of `usual` what the part may ask: the origins that it names, and its official one. */
  secret(
    name: string,
    { origin }: PartDefinition,
    options: unknown,
    usual: readonly string[] | null,
    elsewhere: boolean,
  ): void {
    const asked = [...(origin === undefined ? [] : [origin]), ...urlsIn(options).map(({ url }) => url.origin)]
    const origins = usual === null ? null : usual.filter((one) => asked.includes(one))
    const before = this.#secrets[name]
    this.#secrets[name] = {
      origins: before === undefined ? origins : both(before.origins, origins),
      elsewhere: elsewhere || before?.elsewhere === true,
    }
  }

  get grants(): ReleaseGrants {
    return { texts: [...this.#texts], secrets: { ...this.#secrets } }
  }
}

/** What the operator's own file grants itself, each part of which was made: what stays a secret is bound, the rest are texts. */
export function grantsOfFile(parts: unknown, vault: Vault): ReleaseGrants {
  const names = [...new Set(secretsIn(parts, []).map(({ name }) => name))]
  const used = names.map((name) => [name, vault.usedOrigins(name)] as const)
  return {
    texts: used.flatMap(([name, origins]) => (origins === undefined ? [name] : [])),
    secrets: Object.fromEntries(
      used.flatMap(([name, origins]) => (origins === undefined ? [] : [[name, { origins, elsewhere: true }]])),
    ),
  }
}

/** How parts of a release get their secrets. */
export function secretSources(rules: SecretRules, granting: Granting): Pick<PartSources, 'text' | 'secret'> {
  const { vault } = rules
  return {
    text(name, { path, problems }) {
      const listed = rules.environment.includes(name) || rules.granted?.texts.includes(name) === true
      const text = listed ? elsewhere(name, vault) : undefined
      if (text !== undefined) {
        granting.text(name)
        return text
      }
      const asText =
        vault.state(name) === 'kept'
          ? 'takes a secret of the environment only, not of the vault'
          : `takes ${name} as a plain text, which only the environment has, and which nothing binds to an origin. If a release may have it, list it in the configuration of this runtime: "releases": { "environment": ["${name}"] }`
      problems.push({ path, detail: listed ? missing(name, listed) : asText })
      return undefined
    },
    secret(name, { path, definition, options, problems }) {
      const listed = isListed(name, rules)
      const state = vault.state(name)
      if (state === 'shut') {
        problems.push({
          path,
          detail: `the secret ${name} is in the vault and cannot be read. Set it again: asyncv secrets set ${name}`,
        })
      } else if (state === 'none' && !(listed && elsewhere(name, vault) !== undefined)) {
        problems.push({ path, detail: missing(name, listed) })
      }
      const origins = usualOrigins(name, definition, rules)
      granting.secret(name, definition, options, origins, listed)
      return vault.forRelease(name, { origins, elsewhere: listed })
    },
  }
}

/** A file that a variable names may be gone; then it is nowhere. */
function elsewhere(name: string, vault: Vault): string | undefined {
  try {
    return vault.elsewhere(name)
  } catch {
    return undefined
  }
}

function isListed(name: string, { environment, vault, granted }: SecretRules): boolean {
  return (
    environment.includes(name) || vault.usedOrigins(name) !== undefined || granted?.secrets[name]?.elsewhere === true
  )
}

function missing(name: string, listed: boolean): string {
  const where = listed ? 'neither in the vault nor in the environment' : 'not in the vault'
  return `the secret ${name} is ${where} of this runtime. Set it there: asyncv secrets set ${name}`
}

/** Where a secret may go that nobody has bound in the vault; null for everywhere, which only the program can have said. */
function usualOrigins(
  name: string,
  { origin }: PartDefinition,
  { vault, granted }: Pick<SecretRules, 'vault' | 'granted'>,
): readonly string[] | null {
  const used = vault.usedOrigins(name)
  // What the operator uses is bound to where they send it, and not to each service whose type a release names.
  const now = used !== undefined ? used : origin === undefined ? [] : [origin]
  const then = granted?.secrets[name]
  return then === undefined ? now : both(now, then.origins)
}

function both(one: readonly string[] | null, other: readonly string[] | null): string[] | null {
  return one === null || other === null ? null : [...new Set([...one, ...other])]
}

/** What is wrong with the secrets of a part: those that it holds itself, and those that it would send elsewhere. */
export function secretProblems(
  definition: PartDefinition,
  options: unknown,
  path: Path,
  rules: Pick<SecretRules, 'vault' | 'granted'>,
): PlacedProblem[] {
  const inline = secretsHeldBy(definition, options).map((at) => ({
    path: [...path, ...at],
    detail: 'holds a secret itself; set it in the vault, and write { "$secret": "NAME" }',
  }))
  const secrets = new Map(secretsIn(options, []).map(({ name, path: at }) => [name, at]))
  const named = urlsIn(options).filter(({ path: at }) => !isOwnAddress(definition, at))
  const abroad = [...secrets].flatMap(([name, place]) => {
    const bound = rules.vault.boundOrigins(name) ?? usualOrigins(name, definition, rules)
    if (bound === null) return []
    const leaving = (at: Path, origin: string): PlacedProblem => {
      const all = [...bound, origin].join(',')
      const detail = `would send the secret ${name} to ${origin}, and it is bound to ${bound.join(', ') || 'no origin'}. If it belongs there, widen it: asyncv secrets set ${name} --origins ${all}`
      return { path: [...path, ...at], detail }
    }
    const elsewhere = named.filter(({ url }) => !bound.includes(url.origin))
    // Where no URL says another place, it goes to the official one.
    const { origin } = definition
    const isUsual = named.length === 0 && origin !== undefined && !bound.includes(origin)
    return [
      ...elsewhere.map(({ path: at, url }) => leaving(at, url.origin)),
      ...(isUsual ? [leaving(place, origin)] : []),
    ]
  })
  return [...inline, ...abroad]
}

/** Where the service itself is reached; nothing is sent there by a type that knows of secrets. Others may mean anything by it. */
function isOwnAddress({ origin }: PartDefinition, path: Path): boolean {
  return origin !== undefined && path.includes('webhook')
}

function secretsIn(value: unknown, path: Path): { name: string; path: Path }[] {
  const name = secretName(value)
  if (name !== null) return [{ name, path }]
  if (typeof value !== 'object' || value === null) return []
  const items: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return items.flatMap(([key, item]) => secretsIn(item, [...path, key]))
}

/** Where options hold a text that is a secret: as the definition says, or the name of its key, or as a part of a URL. */
export function secretsHeldBy(definition: PartDefinition, options: unknown): Path[] {
  return inlineSecrets(schemaOf(definition), options)
}

type Schema = Record<string, unknown>

/** Of each type once: it takes longer than all the rest of a part. */
const schemas = new WeakMap<PartDefinition, Schema>()

function schemaOf(definition: PartDefinition): Schema {
  const known = schemas.get(definition)
  if (known !== undefined) return known
  const schema = readSchema(definition)
  schemas.set(definition, schema)
  return schema
}

/** A plugin may come with a schema library of its own, or a version that this one cannot read; then names of keys tell. */
function readSchema({ options }: PartDefinition): Schema {
  try {
    return z.toJSONSchema(options, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Schema
  } catch {
    return {}
  }
}
