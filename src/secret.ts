/** A value that nobody sees: options of parts hold it, and it tells what it is only where a request is made. */
import { inspect } from 'node:util'
import { z } from 'zod'
import { AsyncvError } from './errors.ts'

/** Brands secrets, so that one of another copy of asyncv is known as one. */
const brand = Symbol.for('asyncv.secret')

/** A secret by its name. Printed, logged or written as JSON it is `[secret NAME]`. */
export class Secret {
  readonly name: string
  readonly #reveal: (origin: string) => string
  readonly #hide: (text: string) => string

  /** `reveal` gives the value of the moment, or throws; made by a vault. */
  constructor(name: string, reveal: (origin: string) => string, hide: (text: string) => string) {
    this.name = name
    this.#reveal = reveal
    this.#hide = hide
    Object.defineProperty(this, brand, { value: true })
  }

  /**
   * The value as it is now, for a request to `origin`, such as `https://api.openai.com`. Called for each request, never
   * kept: the next one may have another. Throws `secret_refused` when it is not bound to that origin, `secret_unknown`
   * when it is gone, and `secret_unreadable`.
   */
  reveal(origin: string): string {
    return this.#reveal(origin)
  }

  /** A text with the value, as it is and as it was, taken out. */
  hide(text: string): string {
    return this.#hide(text)
  }

  toString(): string {
    return `[secret ${this.name}]`
  }

  toJSON(): string {
    return this.toString()
  }

  [inspect.custom](): string {
    return this.toString()
  }
}

export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && brand in value
}

/** What an option holds, as it is now: the text itself, or the secret's value for requests to `origin`. */
export function reveal(value: string | Secret, origin: string): string {
  return isSecret(value) ? value.reveal(origin) : value
}

/**
 * The schema of an option that may hold a secret: a text that fits `pattern`, or a `Secret`, whose value is held to
 * `pattern` when it is revealed. `expected` says what fits, and never holds the value.
 */
export function secretText(pattern: RegExp, expected: string) {
  const schema = z.custom<string | Secret>(
    (value) => isSecret(value) || (typeof value === 'string' && pattern.test(value)),
    {
      error: ({ input }) => (typeof input === 'string' ? expected : `expected a string or a secret`),
    },
  )
  // What forms and documents see is a text like others.
  schema._zod.toJSONSchema = () => ({ type: 'string', format: 'password', writeOnly: true })
  return schema.transform((value) => (isSecret(value) ? fitting(value, pattern, expected) : value))
}

function fitting(secret: Secret, pattern: RegExp, expected: string): Secret {
  return new Secret(
    secret.name,
    (origin) => {
      const value = secret.reveal(origin)
      if (pattern.test(value)) return value
      throw new AsyncvError('config_invalid', `The secret ${secret.name} cannot be used here: ${expected}.`, {
        hint: `Set it again: asyncv secrets set ${secret.name}.`,
      })
    },
    (text) => secret.hide(text),
  )
}
